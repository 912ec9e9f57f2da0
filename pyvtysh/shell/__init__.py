"""The interactive terminal: prompt, completion, keys and pager, on prompt_toolkit."""
