using Renci.SshNet;
using Renci.SshNet.Security;

namespace HomelabOps.Core.Ssh;

/// <summary>A key that only the agent has.</summary>
internal sealed class SshAgentKey : IPrivateKeySource
{
    private SshAgentKey(SshAgent agent, byte[] key, params (string Algorithm, uint Flags)[] ways) => HostKeyAlgorithms = Array.ConvertAll(ways, way => new Way(agent, key, way.Algorithm, way.Flags));

    /// <inheritdoc/>
    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms { get; }

    /// <summary>Reads the public half; null for a kind that is not used here, such as certificates.</summary>
    public static SshAgentKey? Of(SshAgent agent, byte[] key) => new SshBytes(key).TryText() switch
    {
        // An old type with new signatures; the flags ask the agent for them.
        "ssh-rsa" => new(agent, key, ("rsa-sha2-512", 4), ("rsa-sha2-256", 2)),
        "ssh-ed25519" or "ecdsa-sha2-nistp256" or "ecdsa-sha2-nistp384" or "ecdsa-sha2-nistp521" or "sk-ssh-ed25519@openssh.com" or "sk-ecdsa-sha2-nistp256@openssh.com" => new(agent, key, (new SshBytes(key).TryText()!, 0)),
        _ => null,
    };

    private sealed class Way(SshAgent agent, byte[] key, string name, uint flags) : HostAlgorithm(name)
    {
        public override byte[] Data => key;

        public override byte[] Sign(byte[] data) => agent.Sign(key, data, flags);

        // Only servers verify what users sign.
        public override bool VerifySignature(byte[] data, byte[] signature) => throw new NotSupportedException();
    }
}
