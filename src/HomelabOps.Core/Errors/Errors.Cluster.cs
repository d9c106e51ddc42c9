using System.Globalization;

namespace HomelabOps.Core;

/// <summary>Errors of talking to a cluster.</summary>
internal static partial class Errors
{
    /// <summary>403. Who may not do something needs to know what exactly.</summary>
    public static HomelabException AccessDenied(string cluster, string verb, string resource, string? @namespace) => new(
        nameof(AccessDenied),
        ErrorKind.PermissionDenied,
        Text(@namespace is null ? nameof(AccessDenied) : nameof(AccessDenied) + "_Namespace", cluster, verb, resource, @namespace),
        resource);

    /// <summary>401.</summary>
    public static HomelabException AuthenticationFailed(string cluster, Uri server, DateTime? clientCertificateEnd) =>
        clientCertificateEnd is { } end && end < DateTime.Now
            ? MakeFrom(nameof(AuthenticationFailed) + "_Expired", nameof(AuthenticationFailed), ErrorKind.AuthenticationError, server, cluster, server, end.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture))
            : Make(nameof(AuthenticationFailed), ErrorKind.AuthenticationError, server, cluster, server);

    /// <summary>Any other status, after the retries.</summary>
    public static HomelabException ClusterError(string cluster, int status, string detail) => Make(
        nameof(ClusterError), ErrorKind.ConnectionError, cluster, cluster, status, detail);

    /// <summary>No connection could be made.</summary>
    public static HomelabException ClusterUnreachable(string cluster, Uri server, string detail, Exception cause) => MakeCaused(
        nameof(ClusterUnreachable), ErrorKind.ConnectionError, server, cause, cluster, server, detail);

    /// <summary>No event is about something of that name, and the name alone does not say what to look up.</summary>
    public static HomelabException EventNotFound(string cluster, string name) => new(
        nameof(EventNotFound), ErrorKind.ObjectNotFound, Text(nameof(EventNotFound), cluster, name), name);

    /// <summary>A kind of Flux that does not exist, or not in this cluster.</summary>
    public static HomelabException FluxKindUnknown(string cluster, string kind, IEnumerable<string> served) => Make(
        nameof(FluxKindUnknown), ErrorKind.InvalidArgument, kind, cluster, kind, string.Join(", ", served));

    /// <summary>Nothing is connected.</summary>
    public static HomelabException NoConnection() => Make(nameof(NoConnection), ErrorKind.InvalidOperation, null);

    /// <summary>A path that was typed leads nowhere.</summary>
    public static HomelabException PathNotFound(string path) => Make(nameof(PathNotFound), ErrorKind.ObjectNotFound, path, path);

    /// <summary>None of Flux' groups is served.</summary>
    public static HomelabException FluxNotInstalled(string cluster) => new(
        nameof(FluxNotInstalled), ErrorKind.ObjectNotFound, Text(nameof(FluxNotInstalled), cluster), cluster);

    /// <summary>A wildcard where one context is needed.</summary>
    public static HomelabException ContextAmbiguous(string pattern, IEnumerable<string> matches) => Make(
        nameof(ContextAmbiguous), ErrorKind.InvalidArgument, pattern, pattern, string.Join(", ", matches.Select(name => $"'{name}'")));

    /// <summary>-Context was typed with nothing behind it, as an empty variable does.</summary>
    public static HomelabException ContextEmpty() => Make(nameof(ContextEmpty), ErrorKind.InvalidArgument, null);

    /// <summary>A cmdlet that reads a single thing was given several clusters.</summary>
    public static HomelabException OneClusterOnly() => Make(nameof(OneClusterOnly), ErrorKind.InvalidArgument, null);

    /// <summary>No pod belongs to an application of that name.</summary>
    public static HomelabException AppNotFound(string cluster, string app, IReadOnlyList<string> namespaces) => ObjectNotFound(
        cluster, "App", "app with pods", app, namespaces.Count == 0 ? null : string.Join(", ", namespaces));

    /// <summary>A literal name that matches nothing.</summary>
    public static HomelabException ObjectNotFound(string cluster, string kind, string noun, string name, string? @namespace) => new(
        kind + "NotFound",
        ErrorKind.ObjectNotFound,
        Text(@namespace is null ? nameof(ObjectNotFound) : nameof(ObjectNotFound) + "_Namespace", cluster, noun, name, @namespace),
        name);

    /// <summary>A request that cannot even be made.</summary>
    public static HomelabException RequestFailed(string cluster, string resource, string detail, Exception cause) => MakeCaused(
        nameof(RequestFailed), ErrorKind.NotSpecified, resource, cause, cluster, resource, detail);

    /// <summary>400 and 422: often a selector that the server cannot read.</summary>
    public static HomelabException RequestInvalid(string cluster, string resource, string detail) => new(
        nameof(RequestInvalid), ErrorKind.InvalidData, Text(nameof(RequestInvalid), cluster, resource, detail), resource);

    /// <summary>The server accepted the request and did not answer.</summary>
    public static HomelabException RequestTimeout(string cluster, Uri server, TimeSpan limit) => Make(
        nameof(RequestTimeout), ErrorKind.OperationTimeout, server, cluster, server, limit.TotalSeconds);

    /// <summary>409.</summary>
    public static HomelabException ResourceConflict(string cluster, string resource, string name, string detail) => new(
        nameof(ResourceConflict), ErrorKind.ResourceBusy, Text(nameof(ResourceConflict), cluster, resource, name, detail), name);

    /// <summary>409 for a name that is taken.</summary>
    public static HomelabException ResourceExists(string cluster, string resource, string? @namespace, string name) => new(
        nameof(ResourceExists),
        ErrorKind.ResourceExists,
        Text(nameof(ResourceExists), cluster, resource, string.IsNullOrEmpty(@namespace) ? name : $"{@namespace}/{name}"),
        name);

    /// <summary>410: the place to go on from is no longer known.</summary>
    public static HomelabException ResourceExpired(string cluster, string resource) => new(
        nameof(ResourceExpired), ErrorKind.ResourceUnavailable, Text(nameof(ResourceExpired), cluster, resource), resource);

    /// <summary>404 for one object.</summary>
    public static HomelabException ResourceNotFound(string cluster, string resource, string? @namespace, string name) => new(
        nameof(ResourceNotFound),
        ErrorKind.ObjectNotFound,
        Text(nameof(ResourceNotFound), cluster, resource, string.IsNullOrEmpty(@namespace) ? name : $"{@namespace}/{name}"),
        name);

    /// <summary>404 for a whole type.</summary>
    public static HomelabException ResourceTypeNotServed(string cluster, string resource) => new(
        nameof(ResourceTypeNotServed), ErrorKind.ObjectNotFound, Text(nameof(ResourceTypeNotServed), cluster, resource), resource);

    /// <summary>The connection broke within the answer, and the retries did not help.</summary>
    public static HomelabException ResponseInterrupted(string cluster, string resource, string detail, Exception cause) => MakeCaused(
        nameof(ResponseInterrupted), ErrorKind.ConnectionError, resource, cause, cluster, resource, detail);

    /// <summary>The answer is not what an API server sends.</summary>
    public static HomelabException ResponseInvalid(string cluster, string resource, string detail, Exception? cause) => new(
        nameof(ResponseInvalid), ErrorKind.InvalidData, Text(nameof(ResponseInvalid), cluster, resource, detail), resource, terminates: true, cause);

    /// <summary>TLS without a certificate that could be blamed.</summary>
    public static HomelabException SecureConnectionFailed(string cluster, Uri server, string detail, Exception cause) => MakeCaused(
        nameof(SecureConnectionFailed), ErrorKind.SecurityError, server, cause, cluster, server, detail);

    /// <summary>The server's certificate is past its date, given in UTC.</summary>
    public static HomelabException ServerCertificateExpired(string cluster, Uri server, DateTime? end) => Make(
        nameof(ServerCertificateExpired), ErrorKind.SecurityError, server, cluster, server, end?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));

    /// <summary>Nobody who is trusted signed the server's certificate.</summary>
    public static HomelabException ServerCertificateUntrusted(string cluster, Uri server, string? subject, string detail) => Make(
        nameof(ServerCertificateUntrusted), ErrorKind.SecurityError, server, cluster, server, null, null, subject, detail);

    /// <summary>The server's certificate is for other names.</summary>
    public static HomelabException ServerCertificateWrongHost(string cluster, Uri server, IEnumerable<string> names) => Make(
        nameof(ServerCertificateWrongHost), ErrorKind.SecurityError, server, cluster, server, null, string.Join(", ", names));
}
