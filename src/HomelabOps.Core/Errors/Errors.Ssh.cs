using HomelabOps.Core.Ssh;

namespace HomelabOps.Core;

/// <summary>Errors of hosts that are reached over SSH.</summary>
internal static partial class Errors
{
    /// <summary>Neither agent nor keys nor password were taken.</summary>
    public static HomelabException SshAuthenticationFailed(SshTarget target, string user, Exception cause) => Caused(nameof(SshAuthenticationFailed), ErrorKind.AuthenticationError, target, cause, target, user);

    /// <summary>A command that ended badly.</summary>
    public static HomelabException SshCommandFailed(SshTarget target, string command, int exitCode, string words) => new(
        nameof(SshCommandFailed), ErrorKind.InvalidOperation, Text(nameof(SshCommandFailed), target, command, exitCode, words.Trim()), target.ToString());

    /// <summary>The host has another key than before, or one that was taken back.</summary>
    public static HomelabException SshHostKeyChanged(SshTarget target, string fingerprint, string place) => new(
        nameof(SshHostKeyChanged), ErrorKind.SecurityError, Text(nameof(SshHostKeyChanged), target, fingerprint, place, target.Name), target.ToString());

    /// <summary>Nobody has seen the host's key before.</summary>
    public static HomelabException SshHostUnknown(SshTarget target, string fingerprint, string file) => new(
        nameof(SshHostUnknown), ErrorKind.SecurityError, Text(nameof(SshHostUnknown), target, fingerprint, file, $"ssh {(target.Port == 22 ? "" : $"-p {target.Port} ")}{(target.User is null ? "" : target.User + "@")}{target.Host}"), target.ToString());

    /// <summary>A key file that was named cannot be read.</summary>
    public static HomelabException SshKeyUnreadable(string file, Exception cause) => MakeCaused(nameof(SshKeyUnreadable), ErrorKind.InvalidData, file, cause, file, cause.Message);

    /// <summary>What cannot be a host.</summary>
    public static HomelabException SshTargetInvalid(string text) => new(nameof(SshTargetInvalid), ErrorKind.InvalidArgument, Text(nameof(SshTargetInvalid), text), text);

    /// <summary>No way leads to the host, or it ended.</summary>
    public static HomelabException SshUnreachable(SshTarget target, string detail, Exception cause) => Caused(nameof(SshUnreachable), ErrorKind.ConnectionError, target, cause, target, detail.TrimEnd('.'));

    // About one host; the next one goes on.
    private static HomelabException Caused(string id, ErrorKind kind, SshTarget target, Exception cause, params ReadOnlySpan<object?> arguments) =>
        new(id, kind, Text(id, arguments), target.ToString(), terminates: false, cause);
}
