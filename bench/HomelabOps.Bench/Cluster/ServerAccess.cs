using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Cluster;

/// <summary>
/// How the server of the kubeconfig is reached without the module, for the filler and for curl. kubectl resolves the
/// kubeconfig, so that the module's own reader is not what it is compared with.
/// </summary>
internal sealed class ServerAccess : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2Collection _authorities = [];
    private JsonNode? _config;
    private X509Certificate2? _identity;

    private ServerAccess(Uri server) => Server = server;

    public Uri Server { get; }

    /// <summary>A configuration file for curl with all that it takes to log in.</summary>
    public string CurlConfig { get; private set; } = "";

    public string? Token { get; private set; }

    public static ServerAccess Read(string kubeConfig)
    {
        var config = JsonNode.Parse(ChildProcess.Output("kubectl", ["--kubeconfig", kubeConfig, "config", "view", "--raw", "--minify", "--flatten", "-o", "json"]))!;
        var cluster = config["clusters"]?[0]?["cluster"] ?? throw new BenchException($"The kubeconfig '{kubeConfig}' names no cluster.");
        var user = config["users"]?[0]?["user"];
        var access = new ServerAccess(new Uri(cluster["server"]!.GetValue<string>().TrimEnd('/') + "/")) { _config = config };

        // The API server indents what it sends to a program named curl, which takes it twice as long.
        var curl = new StringBuilder("silent\nshow-error\nfail\nnoproxy = \"*\"\nuser-agent = \"HomelabOps.Bench\"\n");
        if (Text(cluster, "certificate-authority-data") is { } authority)
        {
            access._authorities.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(authority)));
            curl.Append("cacert = \"").Append(access._folder.Write("ca.crt", Convert.FromBase64String(authority))).Append("\"\n");
        }

        if (Text(user, "token") is { } token)
        {
            access.Token = token;
            curl.Append("header = \"Authorization: Bearer ").Append(token).Append("\"\n");
        }
        else if (Text(user, "client-certificate-data") is { } certificate && Text(user, "client-key-data") is { } key)
        {
            byte[] certificatePem = Convert.FromBase64String(certificate), keyPem = Convert.FromBase64String(key);
            access._identity = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(certificatePem), Encoding.UTF8.GetString(keyPem));
            curl.Append("cert = \"").Append(access._folder.Write("client.crt", certificatePem)).Append("\"\n")
                .Append("key = \"").Append(access._folder.Write("client.key", keyPem)).Append("\"\n");
            CryptographicOperations.ZeroMemory(keyPem);
        }
        else
        {
            throw new BenchException($"The kubeconfig '{kubeConfig}' logs in neither with a token nor with a client certificate; the bench knows no other way.");
        }

        access.CurlConfig = access._folder.Write("curl", Encoding.UTF8.GetBytes(curl.ToString()));
        return access;
    }

    public HttpClient CreateClient(int connections = 16)
    {
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false };
        if (_authorities.Count > 0)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(_authorities);
        }

        if (_identity is { } identity)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(identity, null, offline: true);
        }

        var client = new HttpClient(handler) { BaseAddress = Server, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
        return client;
    }

    /// <summary>Writes a kubeconfig that reaches the same server through a local port.</summary>
    public string KubeConfigThrough(int port)
    {
        var config = _config!.DeepClone();
        var cluster = config["clusters"]![0]!["cluster"]!;
        cluster["server"] = new UriBuilder(Server) { Host = "127.0.0.1", Port = port }.Uri.ToString();
        cluster["tls-server-name"] ??= Server.Host;
        return _folder.Write("kubeconfig-relay", Encoding.UTF8.GetBytes(config.ToJsonString()));
    }

    public void Dispose()
    {
        _identity?.Dispose();
        _folder.Dispose();
    }

    private static string? Text(JsonNode? node, string name) => node?[name]?.GetValue<string>() is { Length: > 0 } text ? text : null;
}
