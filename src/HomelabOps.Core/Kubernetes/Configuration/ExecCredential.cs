using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>The question to an exec plugin and its answer. Both are small enough to write and read field by field, without any serializer.</summary>
internal sealed class ExecCredential
{
    // Defined by Kubernetes: what a cluster's extension of this name holds is handed to the plugin.
    private const string ConfigExtension = "client.authentication.k8s.io/exec";

    private ExecCredential()
    {
    }

    public string? Token { get; private init; }

    public ClientCertificate? Certificate { get; private init; }

    public DateTimeOffset? Expires { get; private init; }

    /// <summary>The value of KUBERNETES_EXEC_INFO.</summary>
    public static string Question(ExecPlugin plugin)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "ExecCredential");
            json.WriteString("apiVersion", plugin.ApiVersion);
            json.WriteStartObject("spec");
            if (plugin.Cluster is { } cluster)
            {
                WriteCluster(json, cluster, plugin.Server);
            }

            json.WriteBoolean("interactive", false);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads the answer. The output is never part of an error: it may hold a token.</summary>
    public static ExecCredential Answer(ExecPlugin plugin, ReadOnlyMemory<byte> output, string errorOutput)
    {
        HomelabException Failed(string key, params ReadOnlySpan<object?> arguments) =>
            Errors.ExecPluginFailed(plugin.User, plugin.Command, Errors.Text(key, arguments), errorOutput);

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(output);
        }
        catch (JsonException)
        {
            throw Failed("Detail_ExecNotJson", output.Length);
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "kind") != "ExecCredential")
            {
                throw Failed("Detail_ExecNotJson", output.Length);
            }

            if (Text(root, "apiVersion") is var version && version != plugin.ApiVersion)
            {
                throw Failed("Detail_ExecVersion", version is { Length: <= 64 } ? version : "?", plugin.ApiVersion);
            }

            if (!root.TryGetProperty("status", out JsonElement status) || status.ValueKind != JsonValueKind.Object)
            {
                throw Failed("Detail_ExecNoCredential");
            }

            string? token = Text(status, "token");
            string? certificate = Text(status, "clientCertificateData");
            string? key = Text(status, "clientKeyData");
            if (certificate is null != key is null || (token is null && certificate is null))
            {
                throw Failed("Detail_ExecNoCredential");
            }

            if (token is not null && token.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            {
                throw Failed("Detail_ExecToken");
            }

            return new ExecCredential
            {
                Token = token,
                Certificate = certificate is null ? null : ClientCertificate.Create(certificate, key!, (_, _) => Failed("Detail_ExecCertificate")),
                Expires = Text(status, "expirationTimestamp") is not { } expires ? null
                    : DateTimeOffset.TryParse(expires, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time
                    : throw Failed("Detail_ExecExpiry"),
            };
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static void WriteCluster(Utf8JsonWriter json, KubeConfigNode cluster, Uri server)
    {
        json.WriteStartObject("cluster");
        json.WriteString("server", cluster.GetText("server") is { } text && text.Contains("://", StringComparison.Ordinal) ? text : server.AbsoluteUri);
        if (cluster.GetText("tls-server-name") is { } name)
        {
            json.WriteString("tls-server-name", name);
        }

        if (cluster.GetBoolean("insecure-skip-tls-verify"))
        {
            json.WriteBoolean("insecure-skip-tls-verify", true);
        }

        // The plugin gets the content also where the kubeconfig names a file.
        if (CredentialFile.Resolve(cluster, "cluster", "certificate-authority") is { } authority)
        {
            json.WriteBase64String("certificate-authority-data", authority);
        }

        if (cluster.GetText("proxy-url") is { } proxy)
        {
            json.WriteString("proxy-url", proxy);
        }

        if (cluster.GetBoolean("disable-compression"))
        {
            json.WriteBoolean("disable-compression", true);
        }

        foreach (KubeConfigNode extension in cluster.GetItems("extensions"))
        {
            if (extension.GetText("name") == ConfigExtension && extension.Map!.TryGetValue("extension", out KubeConfigNode? config))
            {
                json.WritePropertyName("config");
                WriteNode(json, config);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter json, KubeConfigNode node)
    {
        if (node.Map is { } map)
        {
            json.WriteStartObject();
            foreach ((string key, KubeConfigNode value) in map)
            {
                json.WritePropertyName(key);
                WriteNode(json, value);
            }

            json.WriteEndObject();
        }
        else if (node.Items is { } items)
        {
            json.WriteStartArray();
            items.ForEach(item => WriteNode(json, item));
            json.WriteEndArray();
        }
        else if (node.IsNull)
        {
            json.WriteNullValue();
        }
        else if (node.IsPlain && node.Text is "true" or "false")
        {
            json.WriteBooleanValue(node.Text == "true");
        }
        else if (node.IsPlain && long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            json.WriteNumberValue(number);
        }
        else if (node.IsPlain && char.IsAsciiDigit(node.Text![^1]) && double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real))
        {
            json.WriteNumberValue(real);
        }
        else
        {
            json.WriteStringValue(node.Text);
        }
    }
}
