using System.Globalization;
using System.Resources;

namespace HomelabOps.Core;

/// <summary>The one place where errors are made. A method's name is the id and the key of its text in Messages.resx.</summary>
internal static partial class Errors
{
    private static readonly ResourceManager Texts = new("HomelabOps.Core.Errors.Messages", typeof(Errors).Assembly);

    /// <summary>The kubeconfig still asks for a way of logging in that Kubernetes clients have dropped.</summary>
    public static HomelabException AuthProviderUnsupported(string user, string? provider, string path) => Make(
        nameof(AuthProviderUnsupported), ErrorKind.AuthenticationError, user, user, provider ?? "?", path);

    /// <summary>The client certificate is past its date.</summary>
    public static HomelabException CertificateExpired(string user, DateTime notAfter, string path) => Make(
        nameof(CertificateExpired), ErrorKind.AuthenticationError, user, user, notAfter.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), path);

    /// <summary>A context names a cluster or user that does not exist.</summary>
    public static HomelabException ContextIncomplete(string context, string kind, string? name, string path) => name is null or ""
        ? MakeFrom(nameof(ContextIncomplete) + "_Unnamed", nameof(ContextIncomplete), ErrorKind.InvalidData, context, context, kind, path)
        : Make(nameof(ContextIncomplete), ErrorKind.InvalidData, context, context, kind, name, path);

    /// <summary>The cluster of a context has no address.</summary>
    public static HomelabException ContextWithoutServer(string context, string cluster, string path) => MakeFrom(
        nameof(ContextIncomplete) + "_Server", nameof(ContextIncomplete), ErrorKind.InvalidData, context, context, cluster, path);

    /// <summary>No context of that name, or none chosen.</summary>
    public static HomelabException ContextNotFound(string? context, IEnumerable<string> existing, IEnumerable<string> paths)
    {
        string names = string.Join(", ", existing.Select(name => $"'{name}'"));
        string files = string.Join(", ", paths);
        return (string.IsNullOrEmpty(context), names.Length == 0) switch
        {
            (_, true) => MakeFrom(nameof(ContextNotFound) + "_Empty", nameof(ContextNotFound), ErrorKind.ObjectNotFound, context, files),
            (true, _) => MakeFrom(nameof(ContextNotFound) + "_NoCurrent", nameof(ContextNotFound), ErrorKind.ObjectNotFound, context, files, names),
            _ => Make(nameof(ContextNotFound), ErrorKind.ObjectNotFound, context, context, files, names),
        };
    }

    /// <summary>A file that the kubeconfig names is missing.</summary>
    public static HomelabException CredentialFileNotFound(string owner, string field, string file) => Make(
        nameof(CredentialFileNotFound), ErrorKind.ObjectNotFound, file, owner, field, file);

    /// <summary>A file that the kubeconfig names cannot be read.</summary>
    public static HomelabException CredentialFileUnreadable(string owner, string field, string file, Exception reason) => MakeCaused(
        nameof(CredentialFileUnreadable), ErrorKind.PermissionDenied, file, reason, owner, field, file, reason.Message);

    /// <summary>A field of a user or cluster does not hold what it should; its value is never shown.</summary>
    public static HomelabException CredentialInvalid(string owner, string field, string detail, string path) => Make(
        nameof(CredentialInvalid), ErrorKind.InvalidData, owner, owner, field, detail, path);

    /// <summary>The exec plugin ended badly or did not answer with a credential.</summary>
    public static HomelabException ExecPluginFailed(string user, string command, string detail, string errorOutput) => errorOutput.Length == 0
        ? Make(nameof(ExecPluginFailed), ErrorKind.AuthenticationError, user, command, user, detail)
        : MakeFrom(nameof(ExecPluginFailed) + "_Output", nameof(ExecPluginFailed), ErrorKind.AuthenticationError, user, command, user, detail, errorOutput);

    /// <summary>The exec plugin is not installed.</summary>
    public static HomelabException ExecPluginNotFound(string user, string command, string? installHint) => string.IsNullOrWhiteSpace(installHint)
        ? Make(nameof(ExecPluginNotFound), ErrorKind.NotInstalled, command, command, user)
        : MakeFrom(nameof(ExecPluginNotFound) + "_Hint", nameof(ExecPluginNotFound), ErrorKind.NotInstalled, command, command, user, installHint.Trim());

    /// <summary>The exec plugin did not end in time.</summary>
    public static HomelabException ExecPluginTimeout(string user, string command, TimeSpan timeout, string errorOutput) => errorOutput.Length == 0
        ? Make(nameof(ExecPluginTimeout), ErrorKind.OperationTimeout, user, command, user, timeout.TotalSeconds)
        : MakeFrom(nameof(ExecPluginTimeout) + "_Output", nameof(ExecPluginTimeout), ErrorKind.OperationTimeout, user, command, user, timeout.TotalSeconds, errorOutput);

    /// <summary>The kubeconfig cannot be understood, with the place.</summary>
    public static HomelabException KubeConfigInvalid(string path, long line, long column, string detail) => Make(
        nameof(KubeConfigInvalid), ErrorKind.InvalidData, path, path, line, column, detail);

    /// <summary>A folder was named where a file is wanted.</summary>
    public static HomelabException KubeConfigIsFolder(string path) => Make(nameof(KubeConfigIsFolder), ErrorKind.InvalidArgument, path, path);

    /// <summary>There is no kubeconfig, with all places that were looked at.</summary>
    public static HomelabException KubeConfigNotFound(IReadOnlyList<string> searched) => Make(
        nameof(KubeConfigNotFound), ErrorKind.ObjectNotFound, searched.Count == 1 ? searched[0] : null, string.Join(", ", searched));

    /// <summary>The kubeconfig exists and cannot be read.</summary>
    public static HomelabException KubeConfigUnreadable(string path, Exception reason) => MakeCaused(
        nameof(KubeConfigUnreadable), ErrorKind.PermissionDenied, path, reason, path, reason.Message);

    /// <summary>The embedded homelab does not have what a fault would break.</summary>
    public static HomelabException SandboxFaultNotPossible(string fault, string target, string reason) => Make(nameof(SandboxFaultNotPossible), ErrorKind.InvalidOperation, fault, fault, target, reason);

    /// <summary>A fault cannot be switched on for this, with all that it can.</summary>
    public static HomelabException SandboxFaultTargetUnknown(string fault, string? target, string known) => Make(nameof(SandboxFaultTargetUnknown), ErrorKind.InvalidArgument, target ?? fault, fault, target, known);

    /// <summary>There is no fault of this name, with all that there are.</summary>
    public static HomelabException SandboxFaultUnknown(string fault, string known) => Make(nameof(SandboxFaultUnknown), ErrorKind.InvalidArgument, fault, fault, known);

    /// <summary>The embedded homelab did not come up.</summary>
    public static HomelabException SandboxNotReady(string open) => Make(nameof(SandboxNotReady), ErrorKind.OperationTimeout, open, open);

    /// <summary>The embedded homelab cannot be that large, or that small.</summary>
    public static HomelabException SandboxOptionInvalid(string option, object? value) => Make(nameof(SandboxOptionInvalid), ErrorKind.InvalidArgument, value, option, value);

    /// <summary>The text of a key that is part of another message.</summary>
    internal static string Text(string key, params ReadOnlySpan<object?> arguments) => string.Format(
        CultureInfo.InvariantCulture, Texts.GetString(key, CultureInfo.InvariantCulture) ?? key, arguments);

    private static HomelabException Make(string id, ErrorKind kind, object? target, params ReadOnlySpan<object?> arguments) =>
        new(id, kind, Text(id, arguments), target, terminates: true);

    private static HomelabException MakeCaused(string id, ErrorKind kind, object? target, Exception cause, params ReadOnlySpan<object?> arguments) =>
        new(id, kind, Text(id, arguments), target, terminates: true, cause);

    private static HomelabException MakeFrom(string key, string id, ErrorKind kind, object? target, params ReadOnlySpan<object?> arguments) =>
        new(id, kind, Text(key, arguments), target, terminates: true);
}
