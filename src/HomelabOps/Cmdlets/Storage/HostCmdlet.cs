using System.Management.Automation;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Base of the cmdlets that change something on the hosts of nodes, over SSH, and look at the nodes afterwards.</summary>
public abstract class HostCmdlet : ProbeCmdlet
{
    /// <summary>File with a private key.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    /// <summary>User and password on the host, or the passphrase of the key file.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    private protected override bool IsChange => true;

    private protected SshLogin Login => new() { KeyFile = FullPath(KeyFile), Credential = Credential?.GetNetworkCredential() };
}
