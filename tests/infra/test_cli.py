"""The command's own behaviour; each subcommand is tested beside its module."""

from __future__ import annotations

import pytest

from infra.cli import COMMANDS, main


def test_help_names_every_command_and_imports_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert [
        name for name, (_, _, summary) in COMMANDS.items() if f"{name} " in printed and summary in printed
    ] == [
        "up",
        "gateway",
        "compose",
        "plan",
        "subgraph",
        "migrate",
        "seed",
        "backup",
        "restore",
        "token",
        "jwks",
        "profile",
        "image",
    ]


@pytest.mark.parametrize("arguments", [[], ["dance"]])
def test_no_command_or_an_unknown_one_is_a_usage_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: lets-connect" in capsys.readouterr().err
