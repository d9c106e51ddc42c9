using System.Net;

namespace HomelabOps.Core.Ssh;

/// <summary>How to log in, beside the agent: files of keys and a password.</summary>
internal sealed record SshLogin
{
    private static readonly string[] UsualKeys = ["id_ed25519", "id_ecdsa", "id_rsa"];

    /// <summary>A file with a private key; null for the usual ones of the user.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Where an agent listens; null for none.</summary>
    public string? AgentSocket { get; init; } = SshAgent.UsualSocket;

    /// <summary>The usual key files are tried where none is named.</summary>
    public bool UsesUsualKeys { get; init; } = true;

    /// <summary>User and password, or the passphrase of the key file; null for none.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>Keys of hosts that are trusted.</summary>
    public KnownHosts Hosts { get; init; } = KnownHosts.OfUser();

    /// <summary>How long a host may take to let somebody in.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The files that are tried.</summary>
    public IEnumerable<string> KeyFiles => KeyFile is not null ? [KeyFile]
        : !UsesUsualKeys ? []
        : UsualKeys.Select(name => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", name)).Where(File.Exists);
}
