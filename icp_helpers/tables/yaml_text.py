"""YAML that reads back as what was written."""

import yaml

BREAKS = "\x85\u2028\u2029"  # line breaks to YAML alone: between plain or single quotes they come back as blanks


class _Dumper(yaml.SafeDumper):
    """Texts that hold such a sign stand in double quotes, where it is escaped."""

    def represent_text(self, value: str):
        return self.represent_scalar("tag:yaml.org,2002:str", value, style='"' if set(BREAKS) & set(value) else None)


_Dumper.add_representer(str, _Dumper.represent_text)


def yaml_text(content, **layout) -> str:
    """Plain values (mappings, lists, texts, numbers, dates) as YAML, in the order in which they stand; `layout` as of yaml.dump."""
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, **layout)
