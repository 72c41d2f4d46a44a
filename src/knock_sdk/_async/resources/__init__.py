"""Operations of the API, a module per resource or part of one."""
