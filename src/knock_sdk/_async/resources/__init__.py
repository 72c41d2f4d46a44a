"""Operations of the API, with one or more modules per resource."""
