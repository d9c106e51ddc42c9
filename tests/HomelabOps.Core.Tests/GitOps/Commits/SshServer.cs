using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>A real sshd on loopback that lets one key in.</summary>
internal sealed class SshServer : IDisposable
{
    /// <summary>What <see cref="StartWithPassword"/> takes.</summary>
    public const string Password = "correct horse";

    // What the password above becomes by crypt(5).
    private const string Hash = "$6$homelabops$ESdZUin7KMSnXYhWCnDKXFR0r8FLQ5OZqS1qkLrumT5DwCnr.jGE3arDOHO.PsuZFtwYM6NvbVpNY7d0wZ7fa1";

    private readonly string _folder;
    private readonly Process _process;

    private SshServer(string folder, string program, string settings, string[] wrapper)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        foreach (var key in new[] { "host", "user", "stranger" })
        {
            Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", At(key));
        }

        File.Copy(At("user.pub"), At("authorized"));
        Port = Loopback.FreePort();

        // Of a setting that is there twice the first counts.
        File.WriteAllText(At("sshd_config"), $"""
            {settings}
            ListenAddress 127.0.0.1:{Port}
            HostKey {At("host")}
            PidFile none
            AuthorizedKeysFile {At("authorized")}
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            """);
        File.WriteAllText(At("known"), $"[127.0.0.1]:{Port} {File.ReadAllText(At("host.pub"))}");
        File.WriteAllText(At("nobody"), "");
        File.WriteAllText(At("other"), $"[127.0.0.1]:{Port} {File.ReadAllText(At("user.pub"))}");

        // Where it runs as root it insists on this folder.
        if (Environment.UserName == "root")
        {
            Directory.CreateDirectory("/run/sshd");
        }

        string[] command = [.. wrapper, program, "-D", "-e", "-f", At("sshd_config")];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardError = true })!;
        _ = _process.StandardError.ReadToEndAsync();
        WaitUntilItListens();
    }

    public int Port { get; }

    /// <summary>Starts one; null where none is installed.</summary>
    /// <param name="folder">Where its keys are made.</param>
    /// <param name="settings">Further lines of its settings.</param>
    /// <param name="wrapper">A program that runs it, such as one that makes a namespace.</param>
    public static SshServer? Start(string folder, string settings = "", params string[] wrapper) =>
        Array.Find(["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"], File.Exists) is { } program ? new(folder, program, settings, wrapper) : null;

    /// <summary>
    /// Starts one that sees accounts of its own, in a mount namespace that nobody else sees: those of the machine are neither asked nor touched.
    /// It takes root.
    /// </summary>
    /// <param name="folder">Where its keys are made.</param>
    /// <param name="settings">Further lines of its settings, with those that let a password in.</param>
    public static SshServer? StartWithPassword(string folder, string settings)
    {
        var (shadow, pam) = (Path.Combine(folder, "shadow"), Path.Combine(folder, "pam"));
        Directory.CreateDirectory(folder);
        File.WriteAllText(shadow, $"{Environment.UserName}:{Hash}:19000:0:99999:7:::\n");
        File.WriteAllText(pam, "auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n");
        var enter = $"mount --bind '{shadow}' /etc/shadow && if test -e /etc/pam.d/sshd; then mount --bind '{pam}' /etc/pam.d/sshd; fi && exec \"$0\" \"$@\"";
        return Start(folder, settings, "unshare", "--mount", "--fork", "--kill-child", "sh", "-c", enter);
    }

    public string Address(string path) => $"ssh://{Environment.UserName}@127.0.0.1:{Port}{path}";

    /// <summary>The client's command.</summary>
    /// <param name="key">Which key: <c>user</c>, or <c>stranger</c>, whom nobody knows.</param>
    /// <param name="hosts">Which hosts it knows: <c>known</c>, <c>nobody</c>, or <c>other</c> with another key of this host.</param>
    public string Command(string key, string hosts) => $"ssh -F /dev/null -i {At(key)} -o IdentitiesOnly=yes -o IdentityAgent=none {Hosts(hosts)}";

    /// <summary>The command of a client that has no keys but those of an agent.</summary>
    public string AgentCommand(string socket) => $"ssh -F /dev/null -o IdentityFile=none -o IdentityAgent={socket} {Hosts("known")}";

    /// <summary>A command as a program, for those who know no arguments.</summary>
    public string Program(string command)
    {
        GitHome.Hook(_folder, "client", $"exec {command} \"$@\"");
        return At("hooks/client");
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string Hosts(string name) => $"-o UserKnownHostsFile={At(name)} -o GlobalKnownHostsFile=/dev/null";

    private string At(string name) => Path.Combine(_folder, name);

    private void WaitUntilItListens()
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); ; Thread.Sleep(50))
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (DateTime.UtcNow < end && !_process.HasExited)
            {
                // Not yet.
            }
        }
    }
}
