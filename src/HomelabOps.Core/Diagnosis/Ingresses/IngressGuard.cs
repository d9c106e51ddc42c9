using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Ingresses;

/// <summary>
/// Tells what stands before the application of an Ingress. What cannot be looked into, such as a middleware of a file, may do everything.
/// </summary>
internal sealed class IngressGuard(HomelabSnapshot snapshot)
{
    /// <summary>Kind of what Traefik puts before applications.</summary>
    public const string Kind = "Middleware";

    /// <summary>Its API group.</summary>
    public const string Group = "traefik.io";

    /// <summary>The group that it had before.</summary>
    public const string FormerGroup = "traefik.containo.us";

    private const string Router = "traefik.ingress.kubernetes.io/router.";
    private const string KubernetesProvider = "@kubernetescrd";

    // What asks who comes, or lets only some networks in: of ingress-nginx, NGINX' own controller and both HAProxys.
    private static readonly string[] Guards = ["auth-url", "auth-type", "auth-tls-secret", "basic-auth-secret", "oauth", "jwt-key", "whitelist-source-range", "allowlist-source-range", "whitelist", "allow-list"];

    // Chains may name each other.
    private const int LongestChain = 8;

    private readonly Dictionary<string, MiddlewareWire> _middlewares = (snapshot.Middlewares ?? [])
        .GroupBy(Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private readonly HashSet<string> _loginHosts = LoginAddresses(snapshot).Select(address => address.Host).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether browsers reach it by TLS.</summary>
    public static bool IsEncrypted(IngressWire ingress) =>
        ingress.Spec?.Tls is { Count: > 0 }
        || Annotations(ingress).Any(pair => pair.Key switch
        {
            Router + "tls" => pair.Value == "true",
            Router + "entrypoints" => pair.Value.Split(',', StringSplitOptions.TrimEntries).All(IsSecure),
            _ => pair.Key.StartsWith(Router + "tls.", StringComparison.Ordinal) || (pair.Key.EndsWith("/ssl-passthrough", StringComparison.Ordinal) && pair.Value == "true"),
        });

    /// <summary>Whether it only leads to the encrypted one.</summary>
    public bool IsRedirect(IngressWire ingress) => Middlewares(ingress).Any(middleware => middleware?.Spec?.RedirectScheme is not null);

    /// <summary>Whether somebody asks who comes, or may do so.</summary>
    public bool IsGuarded(IngressWire ingress) =>
        Annotations(ingress).Any(pair => pair.Value.Length > 0 && Guards.Contains(pair.Key[(pair.Key.LastIndexOf('/') + 1)..]))
        || Middlewares(ingress).Any(middleware => middleware is null or { Spec: null or { ForwardAuth: not null } or { BasicAuth: not null } or { DigestAuth: not null } or { IpAllowList: not null } or { IpWhiteList: not null } or { Plugin: not null } });

    /// <summary>Whether others send their visitors there to log in, so that it has to be open itself.</summary>
    public bool IsLogin(IngressWire ingress)
    {
        var space = ingress.Metadata.Namespace ?? "";
        return (ingress.Spec?.Rules ?? []).Exists(rule => rule.Host is { Length: > 0 } host && _loginHosts.Contains(host))
            || Services(ingress).Any(service => _loginHosts.Any(host => IsService(host, service, space)));
    }

    /// <summary>The middlewares that it names and that are not there; Traefik serves nothing of it then.</summary>
    public IEnumerable<string> Absent(IngressWire ingress) => MiddlewareNames(ingress)
        .Where(name => name.EndsWith(KubernetesProvider, StringComparison.Ordinal) && !_middlewares.ContainsKey(name[..^KubernetesProvider.Length]));

    /// <summary>Whether all are known that there can be: those of the former group are not read.</summary>
    public bool KnowsAll => snapshot.MiddlewareGroups is { } groups ? snapshot.Middlewares is not null && groups.Contains(Group) && !groups.Contains(FormerGroup) : _middlewares.Count > 0;

    /// <summary>The Services that it leads to.</summary>
    public static IEnumerable<string> Services(IngressWire ingress) => (ingress.Spec?.Rules ?? []).SelectMany(rule => rule.Http?.Paths ?? [])
        .Select(path => path.Backend).Append(ingress.Spec?.DefaultBackend).Select(backend => backend?.Service?.Name).OfType<string>().Distinct();

    private static Dictionary<string, string> Annotations(IngressWire ingress) => ingress.Metadata.Annotations ?? [];

    // Traefik's chart calls it websecure and lets it speak TLS without a word in the Ingress.
    private static bool IsSecure(string entryPoint) => entryPoint.Contains("secure", StringComparison.OrdinalIgnoreCase) || entryPoint.Contains("https", StringComparison.OrdinalIgnoreCase);

    private static string Key(MiddlewareWire middleware) => $"{middleware.Metadata.Namespace}-{middleware.Metadata.Name}";

    private static bool IsService(string host, string service, string space) =>
        host.Equals(service, StringComparison.OrdinalIgnoreCase) || host.Equals($"{service}.{space}", StringComparison.OrdinalIgnoreCase) || host.StartsWith($"{service}.{space}.svc", StringComparison.OrdinalIgnoreCase);

    // Addresses with variables in the place of the host name no place of login.
    private static IEnumerable<Uri> LoginAddresses(HomelabSnapshot snapshot) => (snapshot.Middlewares ?? []).Select(middleware => middleware.Spec?.ForwardAuth?.Address)
        .Concat((snapshot.Ingresses ?? []).SelectMany(Annotations).Where(pair => pair.Key.EndsWith("/auth-url", StringComparison.Ordinal) || pair.Key.EndsWith("/auth-signin", StringComparison.Ordinal)).Select(pair => pair.Value))
        .Select(text => Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : null).OfType<Uri>();

    // Null for one that nothing is known of.
    private IEnumerable<MiddlewareWire?> Middlewares(IngressWire ingress) => MiddlewareNames(ingress).SelectMany(name => name.EndsWith(KubernetesProvider, StringComparison.Ordinal) ? Resolve(name[..^KubernetesProvider.Length], LongestChain) : [null]);

    private static string[] MiddlewareNames(IngressWire ingress) =>
        (Annotations(ingress).GetValueOrDefault(Router + "middlewares") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private IEnumerable<MiddlewareWire?> Resolve(string key, int left)
    {
        if (!_middlewares.TryGetValue(key, out var middleware) || left == 0)
        {
            return [null];
        }

        return middleware.Spec?.Chain?.Middlewares is { } links
            ? links.SelectMany(link => link.Name.Contains('@', StringComparison.Ordinal) ? [null] : Resolve($"{(string.IsNullOrEmpty(link.Namespace) ? middleware.Metadata.Namespace : link.Namespace)}-{link.Name}", left - 1))
            : [middleware];
    }
}
