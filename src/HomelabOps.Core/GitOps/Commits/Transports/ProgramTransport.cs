using System.Globalization;
using HomelabOps.Core.GitOps.Git;

namespace HomelabOps.Core.GitOps.Commits.Transports;

/// <summary>The way to remotes through the user's git: with his credential helpers, keys, proxies, hooks and settings.</summary>
/// <param name="git">His git.</param>
internal sealed class ProgramTransport(GitProgram git) : IGitTransport
{
    // Answers for the address whose password was taken out of it. The secret is in the environment only.
    private const string Helper = "!f() { test \"$1\" = get && echo \"username=$HOMELABOPS_GIT_USER\" && echo \"password=$HOMELABOPS_GIT_PASSWORD\"; }; f";

    /// <inheritdoc/>
    public async Task FetchAsync(RemotePlace remote, string branch, string? tracking, CancellationToken cancellationToken)
    {
        var spec = tracking is null ? $"refs/heads/{branch}" : $"+refs/heads/{branch}:{tracking}";

        // With an empty map nothing but the named reference is moved.
        var answer = await RunAsync(remote, ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--refmap=", remote.Name, spec], cancellationToken);
        if (answer.ExitCode != 0)
        {
            throw GitFailure.Of(answer.Errors, remote, branch);
        }
    }

    /// <inheritdoc/>
    public async Task<string?> FindTipAsync(RemotePlace remote, string branch, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(remote, ["ls-remote", remote.Name, $"refs/heads/{branch}"], cancellationToken);
        return answer.ExitCode == 0 ? answer.Output.Split('\t', 2) is [{ Length: >= 40 } hash, _] ? hash : null : throw GitFailure.Of(answer.Errors, remote, branch);
    }

    /// <inheritdoc/>
    public async Task<string?> FindBranchAsync(RemotePlace remote, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(remote, ["ls-remote", "--symref", remote.Name, "HEAD"], cancellationToken);
        const string prefix = "ref: ";
        return answer.ExitCode != 0
            ? throw GitFailure.Of(answer.Errors, remote, null)
            : answer.Output.Split('\n').FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal)) is { } line ? BranchName.Of(line[prefix.Length..].Split('\t')[0]) : null;
    }

    /// <inheritdoc/>
    public async Task<bool> PushAsync(RemotePlace remote, string commit, string branch, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(remote, ["push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no", remote.Name, $"{commit}:refs/heads/{branch}"], cancellationToken);
        if (answer.ExitCode == 0)
        {
            return true;
        }

        // A line of the porcelain: flag, tab, from:to, tab, summary with the reason in brackets.
        if (answer.Output.Split('\n').FirstOrDefault(line => line.StartsWith("!\t", StringComparison.Ordinal)) is not { } line)
        {
            throw answer.Errors.TrimEnd().EndsWith('\'') && answer.Errors.Contains("error: failed to push some refs", StringComparison.Ordinal) && !answer.Errors.Contains("fatal:", StringComparison.Ordinal)
                ? Core.Errors.PushRefused(PushRefusal.LocalHook, branch, remote.Address.Display, GitFailure.Sentence(answer.Output + "\n" + Said(answer.Errors)))
                : GitFailure.Of(answer.Errors, remote, null);
        }

        var reason = line[(line.LastIndexOf('\t') + 1)..].Trim();
        return GitFailure.IsRace(reason)
            ? false
            : throw GitFailure.OfPush(reason, Said(answer.Errors), branch, remote);
    }

    private Task<GitAnswer> RunAsync(RemotePlace remote, string[] arguments, CancellationToken cancellationToken) =>
        git.RunAsync(remote.Folder, arguments, Surroundings(remote), null, cancellationToken);

    // Without git's own last line, which only repeats that it failed.
    private static string Said(string errors) => string.Join('\n', errors.Split('\n').Where(line => !line.StartsWith("error: failed to push some refs", StringComparison.Ordinal)));

    private static Dictionary<string, string> Surroundings(RemotePlace remote)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);

        // ssh asks at the terminal itself, whatever becomes of git's input.
        var ssh = Environment.GetEnvironmentVariable("GIT_SSH_COMMAND") ?? remote.SshCommand ?? (Environment.GetEnvironmentVariable("GIT_SSH") is null ? "ssh" : null);
        if (ssh is not null && Path.GetFileNameWithoutExtension(ssh.Trim('"', '\'', ' ').Split(['"', '\'', ' '])[0]).Equals("ssh", StringComparison.OrdinalIgnoreCase))
        {
            variables["GIT_SSH_COMMAND"] = ssh + " -o BatchMode=yes";
        }

        if (remote.Address is { Password: { } password } address)
        {
            variables["HOMELABOPS_GIT_USER"] = address.User!;
            variables["HOMELABOPS_GIT_PASSWORD"] = password;
            var known = int.TryParse(Environment.GetEnvironmentVariable("GIT_CONFIG_COUNT"), CultureInfo.InvariantCulture, out var number) ? number : 0;
            foreach (var (key, value) in new[] { ($"url.{address.Plain}.insteadOf", address.Full), ("credential.helper", ""), ("credential.helper", Helper) })
            {
                variables[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_KEY_{known}")] = key;
                variables[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_VALUE_{known++}")] = value;
            }

            variables["GIT_CONFIG_COUNT"] = known.ToString(CultureInfo.InvariantCulture);
        }

        return variables;
    }
}
