"""Kernels as forks of the warm process, by jupyter_client's own extension point; plain ones where there is none.

Apart from warm_client.py, for a run with nothing to do starts no kernel, and jupyter_client takes long to import.
"""

import os
import secrets

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from icp_helpers.batch.warm_client import SOCKET, Forked


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of the warm process; plainly if that does not answer."""

    async def launch_kernel(self, cmd: list[str], **kwargs):
        module = cmd.index("ipykernel_launcher") if "ipykernel_launcher" in cmd else None
        if module is None:
            return await super().launch_kernel(cmd, **kwargs)
        environment = {**kwargs.get("env", os.environ), "JPY_PARENT_PID": str(os.getpid())}
        request = {"kind": "kernel", "environment": environment, "cwd": kwargs.get("cwd") or os.getcwd(),
                   "arguments": cmd[module + 1:]}
        with open(os.devnull, "rb") as nothing:
            try:
                self.process = Forked(os.environ[SOCKET], request, [nothing.fileno(), 1, 2])
            except (OSError, ValueError, KeyError):
                return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid  # a session, and so a group, of its own
        return self.connection_info


class WarmKernelManager(AsyncKernelManager):
    """jupyter_client's manager, with the provisioner above in the place of the one that the kernel spec names."""

    async def _async_pre_start_kernel(self, **kwargs):
        if self.provisioner is None:
            self.kernel_id = self.kernel_id or secrets.token_hex(16)
            self.provisioner = WarmProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**kwargs)

    pre_start_kernel = _async_pre_start_kernel


def kernel_manager() -> type[AsyncKernelManager]:
    """The manager for this process: the warm one inside a warm run."""
    return WarmKernelManager if os.environ.get(SOCKET) else AsyncKernelManager
