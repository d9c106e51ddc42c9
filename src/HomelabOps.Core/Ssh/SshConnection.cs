using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace HomelabOps.Core.Ssh;

/// <summary>A host over SSH. Its key must be among the known ones; nobody is asked whether to trust it.</summary>
internal sealed class SshConnection : IDisposable
{
    private readonly SshClient _client;

    private SshConnection(SshClient client, SshTarget target) => (_client, Target) = (client, target);

    /// <summary>Who is at the other end.</summary>
    public SshTarget Target { get; }

    /// <summary>Logs in: with the agent, the user's keys, then the password.</summary>
    /// <exception cref="HomelabException">SshHostUnknown, SshHostKeyChanged, SshAuthenticationFailed, SshKeyUnreadable, SshUnreachable.</exception>
    public static async Task<SshConnection> OpenAsync(SshTarget target, SshLogin login, CancellationToken cancellationToken)
    {
        var user = login.Credential?.UserName is { Length: > 0 } typed ? typed : target.User ?? Environment.UserName;
        var methods = Methods(user, login).ToArray();
        var client = new SshClient(new ConnectionInfo(target.Host, target.Port, user, methods) { Timeout = login.Timeout });
        Prefer(client.ConnectionInfo, login.Hosts.Types(target));
        HomelabException? distrust = null;
        client.HostKeyReceived += (_, key) =>
        {
            var (trust, place) = login.Hosts.Judge(target, key.HostKey);
            key.CanTrust = trust == HostKeyTrust.Known;
            distrust = trust switch
            {
                HostKeyTrust.Known => null,
                HostKeyTrust.Unknown => Errors.SshHostUnknown(target, "SHA256:" + key.FingerPrintSHA256, login.Hosts.File),
                _ => Errors.SshHostKeyChanged(target, "SHA256:" + key.FingerPrintSHA256, place),
            };
        };
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(login.Timeout);
            await client.ConnectAsync(limit.Token);
            return new(client, target);
        }
        catch (Exception error)
        {
            client.Dispose();
            throw error switch
            {
                _ when distrust is not null => distrust,
                OperationCanceledException when cancellationToken.IsCancellationRequested => error,
                SshAuthenticationException => Errors.SshAuthenticationFailed(target, user, error),
                OperationCanceledException => Errors.SshUnreachable(target, Errors.Text("Detail_SshSilent", login.Timeout.TotalSeconds), error),
                SshException or SocketException or IOException => Errors.SshUnreachable(target, error.Message, error),
                _ => error,
            };
        }
        finally
        {
            Array.ForEach(methods, method => method.Dispose());
        }
    }

    /// <summary>Runs a command in the user's shell there.</summary>
    /// <exception cref="HomelabException">SshUnreachable: the connection ended, or the command did not.</exception>
    public async Task<SshResult> RunAsync(string command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var running = _client.CreateCommand(command);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await running.ExecuteAsync(limit.Token);
            return new(running.ExitStatus ?? -1, running.Result, running.Error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Errors.SshUnreachable(Target, Errors.Text("Detail_SshCommandSilent", Display.FirstLine(command), timeout.TotalSeconds), error);
        }
        catch (Exception error) when (error is SshException or SocketException or IOException)
        {
            throw Errors.SshUnreachable(Target, error.Message, error);
        }
    }

    public void Dispose() => _client.Dispose();

    private static IEnumerable<AuthenticationMethod> Methods(string user, SshLogin login)
    {
        IPrivateKeySource[] keys = [.. login.KeyFile is null ? new SshAgent(login.AgentSocket).Keys() : [], .. login.KeyFiles.Select(file => Key(file, login)).OfType<IPrivateKeySource>()];
        if (keys.Length > 0)
        {
            yield return new PrivateKeyAuthenticationMethod(user, keys);
        }

        if (login.Credential?.Password is { Length: > 0 } password)
        {
            yield return new PasswordAuthenticationMethod(user, password);

            // Where passwords go through PAM, the server asks for the same in other words.
            var asked = new KeyboardInteractiveAuthenticationMethod(user);
            asked.AuthenticationPrompt += (_, prompts) =>
            {
                foreach (var prompt in prompts.Prompts)
                {
                    prompt.Response = password;
                }
            };
            yield return asked;
        }

        if (keys.Length == 0 && login.Credential is null)
        {
            // The host's key is looked at all the same, and what is missing is told in one way.
            yield return new NoneAuthenticationMethod(user);
        }
    }

    // One of the usual keys with a passphrase is passed over: the agent has it, or another does. One that was named must be read.
    private static PrivateKeyFile? Key(string file, SshLogin login)
    {
        try
        {
            return login.Credential?.Password is { Length: > 0 } phrase ? new(file, phrase) : new(file);
        }
        catch (Exception error) when (error is SshException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return login.KeyFile is null ? null : throw Errors.SshKeyUnreadable(file, error);
        }
    }

    // Types that are known of a host come first, or a host with several keys would show one that nobody has seen.
    private static void Prefer(ConnectionInfo connection, IReadOnlyList<string> types)
    {
        var algorithms = connection.HostKeyAlgorithms;
        foreach (var (name, make) in algorithms.Where(algorithm => !types.Contains(algorithm.Key.StartsWith("rsa-sha2-", StringComparison.Ordinal) ? "ssh-rsa" : algorithm.Key)).ToList())
        {
            algorithms.Remove(name);
            algorithms.Add(name, make);
        }
    }
}
