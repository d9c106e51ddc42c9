using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Makes an endpoint from a context: reads certificates, checks addresses, picks the way of logging in.</summary>
internal static class EndpointResolver
{
    public static ClusterEndpoint Resolve(KubeConfig config, string? contextName, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(config);
        string? name = string.IsNullOrEmpty(contextName) ? config.CurrentContext : contextName;
        if (name is null || !config.Contexts.TryGetValue(name, out KubeContext? context))
        {
            throw Errors.ContextNotFound(name, config.Contexts.Keys, config.Paths);
        }

        string files = string.Join(", ", config.Paths);
        KubeConfigNode cluster = context.Cluster.Length > 0 && config.Clusters.TryGetValue(context.Cluster, out KubeConfigNode? found)
            ? found : throw Errors.ContextIncomplete(name, "cluster", context.Cluster, files);
        KubeConfigNode? user = context.User.Length == 0 ? null
            : config.Users.TryGetValue(context.User, out found) ? found : throw Errors.ContextIncomplete(name, "user", context.User, files);

        string clusterOwner = $"cluster '{context.Cluster}'";
        string userOwner = $"user '{context.User}'";
        X509Certificate2Collection? authorities = ReadAuthorities(CredentialFile.Resolve(cluster, clusterOwner, "certificate-authority"), clusterOwner, cluster);
        if (authorities is [var authority, ..])
        {
            SystemTrust.ReadAhead(authority);
        }

        bool skip = cluster.GetBoolean("insecure-skip-tls-verify");
        ClientCertificate? identity = user is null ? null : ClientCertificate.Read(user, userOwner);
        Uri server = ReadServer(cluster, name, context.Cluster, preferTls: authorities is not null || identity is not null || skip);

        if (identity is not null && identity.Certificate.NotAfter.ToUniversalTime() is var end && end < time.GetUtcNow().UtcDateTime)
        {
            throw Errors.CertificateExpired(context.User, end, user!.File);
        }

        return new ClusterEndpoint
        {
            Name = name,
            Context = context,
            Server = server,
            Namespace = context.Namespace ?? "default",
            TlsServerName = cluster.GetText("tls-server-name"),
            SkipTlsVerify = skip,
            CertificateAuthorities = authorities,
            ClientIdentity = identity,
            ProxyUrl = ReadProxy(cluster),
            DisableCompression = cluster.GetBoolean("disable-compression"),
            Impersonation = user is null ? null : Impersonation.Read(user),
            Credentials = user is null ? StaticCredentials.None : ReadCredentials(user, context.User, userOwner, cluster, server, identity is not null, time),
            KubeConfigPath = cluster.File,
        };
    }

    public static ClusterEndpoint InCluster(KubeConfigEnvironment environment, TimeProvider time)
    {
        const string owner = "the pod's service account";
        string host = environment.GetVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } value ? value
            : throw Errors.KubeConfigNotFound(["KUBERNETES_SERVICE_HOST"]);
        string port = environment.GetVariable("KUBERNETES_SERVICE_PORT") is { Length: > 0 } number ? number : "443";
        if (host.Contains(':', StringComparison.Ordinal))
        {
            host = $"[{host}]";
        }

        string directory = environment.ServiceAccountDirectory;
        byte[] authority = CredentialFile.ReadBytes(owner, "ca.crt", Path.Combine(directory, "ca.crt"));
        string namespaceFile = Path.Combine(directory, "namespace");
        string name = File.Exists(namespaceFile) ? CredentialFile.ReadText(owner, "namespace", namespaceFile).Trim() : "default";
        return new ClusterEndpoint
        {
            Name = "in-cluster",
            Context = new KubeContext("in-cluster", "in-cluster", "service-account", name),
            Server = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://{host}:{port}/")),
            Namespace = name.Length == 0 ? "default" : name,
            CertificateAuthorities = ImportAuthorities(authority) ?? throw Errors.CredentialInvalid(owner, "ca.crt", Errors.Text("Detail_Certificate"), directory),
            Credentials = new TokenFileCredentials(owner, "token", Path.Combine(directory, "token"), fallback: null, time),
        };
    }

    private static Uri ReadServer(KubeConfigNode cluster, string context, string clusterName, bool preferTls)
    {
        string text = cluster.GetText("server") ?? throw Errors.ContextWithoutServer(context, clusterName, cluster.File);

        // kubectl takes an address without scheme too.
        string full = text.Contains("://", StringComparison.Ordinal) ? text : (preferTls ? "https://" : "http://") + text;
        if (!Uri.TryCreate(full, UriKind.Absolute, out Uri? server) || server.Scheme is not ("https" or "http") || server.Host.Length == 0)
        {
            throw cluster.Invalid("server", Errors.Text("Detail_Server", WithoutUserInfo(text)));
        }

        // k3d writes the address that it listens on; a client on Windows cannot connect to that.
        if (IPAddress.TryParse(server.Host, out IPAddress? address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            server = new UriBuilder(server) { Host = address.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]" }.Uri;
        }

        return server;
    }

    private static string WithoutUserInfo(string address) => address.LastIndexOf('@') is var at and >= 0 ? address[(at + 1)..] : address;

    private static Uri? ReadProxy(KubeConfigNode cluster)
    {
        if (cluster.GetText("proxy-url") is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out Uri? proxy) && proxy.Scheme is "http" or "https" or "socks5" or "socks5h" && proxy.Host.Length > 0
            ? proxy : throw cluster.Invalid("proxy-url", Errors.Text("Detail_Proxy"));
    }

    private static X509Certificate2Collection? ReadAuthorities(byte[]? data, string owner, KubeConfigNode cluster)
    {
        if (data is null)
        {
            return null;
        }

        string field = cluster.GetText("certificate-authority-data") is null ? "certificate-authority" : "certificate-authority-data";
        return ImportAuthorities(data) ?? throw Errors.CredentialInvalid(owner, field, Errors.Text("Detail_Certificate"), cluster.File);
    }

    private static X509Certificate2Collection? ImportAuthorities(byte[] data)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            if (data.AsSpan().IndexOf("-----BEGIN"u8) >= 0)
            {
                authorities.ImportFromPem(Encoding.UTF8.GetString(data));
            }
            else
            {
                authorities.Add(X509CertificateLoader.LoadCertificate(data));
            }
        }
        catch (CryptographicException)
        {
            return null;
        }

        return authorities.Count == 0 ? null : authorities;
    }

    private static ICredentialSource ReadCredentials(
        KubeConfigNode user, string userName, string owner, KubeConfigNode cluster, Uri server, bool hasCertificate, TimeProvider time)
    {
        // As kubectl: what identifies the user does not go over the wire in the clear. On this machine it does not go over a wire.
        if (server.Scheme != "https" && !server.IsLoopback)
        {
            return StaticCredentials.None;
        }

        string? token = user.GetText("token");
        if (token is not null)
        {
            CredentialFile.CheckToken(token, owner, "token", user.File);
        }

        if (user.GetText("tokenFile") is { } tokenFile)
        {
            return new TokenFileCredentials(owner, "tokenFile", CredentialFile.FullPath(user, tokenFile), token, time);
        }

        if (token is not null)
        {
            return StaticCredentials.Token(token);
        }

        if (user.GetText("username") is { } name)
        {
            return StaticCredentials.Basic(name, user.GetText("password") ?? "");
        }

        if (user.GetMap("exec") is { } exec)
        {
            return new ExecPluginCredentials(ExecPlugin.Read(exec, userName, owner, cluster, server), time);
        }

        // A certificate is enough to log in; only without one does a provider that nobody supports matter.
        return user.GetMap("auth-provider") is { } provider && !hasCertificate
            ? throw Errors.AuthProviderUnsupported(userName, provider.GetText("name"), user.File)
            : StaticCredentials.None;
    }
}
