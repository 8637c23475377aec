# SPDX-License-Identifier: Apache-2.0
"""`sealdock completion`: for example `eval "$(sealdock completion bash)"` in ~/.bashrc."""

import click
from click.shell_completion import get_completion_class

from .base import Env, command

VARIABLE = "_SEALDOCK_COMPLETE"


@command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_obj
def completion(env: Env, shell: str) -> None:
    """Print the completion script of a shell."""
    from .root import sealdock

    maker = get_completion_class(shell)
    if maker is None:
        raise click.UsageError(f"no completion for {shell}")
    env.print((source := maker(sealdock, {}, "sealdock", VARIABLE).source()), {"shell": shell, "script": source})
