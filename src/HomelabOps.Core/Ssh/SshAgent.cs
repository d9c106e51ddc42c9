using System.IO.Pipes;
using System.Net.Sockets;

namespace HomelabOps.Core.Ssh;

/// <summary>The user's agent, which signs with keys that it does not give away.</summary>
/// <param name="socket">Where it listens; null where there is none. On Windows it has a fixed place.</param>
internal sealed class SshAgent(string? socket)
{
    private const string WindowsPipe = "openssh-ssh-agent";
    private const byte AskIdentities = 11;
    private const byte Identities = 12;
    private const byte AskSignature = 13;
    private const byte Signature = 14;
    private const int AnswerLimit = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Somebody may have to touch the key, or to type the agent's password.
    private static readonly TimeSpan SigningPatience = TimeSpan.FromMinutes(1);

    /// <summary>Where the user's agent listens; null for none.</summary>
    public static string? UsualSocket => Environment.GetEnvironmentVariable("SSH_AUTH_SOCK") is { Length: > 0 } path ? path : null;

    /// <summary>The keys that it has; none where there is no agent.</summary>
    public IReadOnlyList<SshAgentKey> Keys()
    {
        try
        {
            var answer = new SshBytes(Ask([AskIdentities], Patience));
            var keys = new List<SshAgentKey>();
            if (answer.TryByte() == Identities && answer.TryNumber() is { } count)
            {
                for (uint index = 0; index < count && answer.TryBytes() is { } key && answer.TryText() is not null; index++)
                {
                    if (SshAgentKey.Of(this, key) is { } usable)
                    {
                        keys.Add(usable);
                    }
                }
            }

            return keys;
        }
        catch (Exception error) when (error is IOException or SocketException or UnauthorizedAccessException or TimeoutException)
        {
            return [];
        }
    }

    /// <summary>Has something signed.</summary>
    /// <exception cref="IOException">The agent refuses, or is gone.</exception>
    public byte[] Sign(byte[] key, byte[] data, uint flags)
    {
        var answer = new SshBytes(Ask([AskSignature, .. SshBytes.Of(key), .. SshBytes.Of(data), .. SshBytes.Of(flags)], SigningPatience));
        return answer.TryByte() == Signature && answer.TryBytes() is { } signature ? signature : throw new IOException(Errors.Text("Detail_AgentRefused"));
    }

    private byte[] Ask(byte[] request, TimeSpan patience)
    {
        using var stream = Open(patience);
        stream.Write(SshBytes.Of(request));
        stream.Flush();
        var length = new byte[sizeof(uint)];
        stream.ReadExactly(length);
        var answer = new byte[Math.Min(new SshBytes(length).TryNumber() ?? 0, AnswerLimit)];
        stream.ReadExactly(answer);
        return answer;
    }

    private Stream Open(TimeSpan patience)
    {
        if (OperatingSystem.IsWindows())
        {
            var pipe = new NamedPipeClientStream(".", WindowsPipe, PipeDirection.InOut);
            pipe.Connect(patience);
            return pipe;
        }

        if (socket is null)
        {
            throw new IOException();
        }

        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = (int)patience.TotalMilliseconds, SendTimeout = (int)patience.TotalMilliseconds };
        try
        {
            connection.Connect(new UnixDomainSocketEndPoint(socket));
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
