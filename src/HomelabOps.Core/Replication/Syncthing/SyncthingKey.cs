using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>What opens the API of one Syncthing. It is kept in memory only, and says nothing of itself.</summary>
internal sealed class SyncthingKey
{
    private const string Variable = "STGUIAPIKEY";

    private static readonly ResourceType Secret = new("", "v1", "secrets", "Secret", true);

    private SyncthingKey(string value, X509Certificate2? certificate) => (Value, Certificate) = (value, certificate);

    /// <summary>The key that requests carry.</summary>
    public string Value { get; }

    /// <summary>The very certificate that the Syncthing has; null where nobody has written it down.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>Reads the key: from VolSync's Secret, or from where the environment of a pod takes it.</summary>
    /// <exception cref="HomelabException">SyncthingKeyUnknown, AccessDenied.</exception>
    public static async Task<SyncthingKey> ReadAsync(ClusterClient client, SyncthingTarget target, CancellationToken cancellationToken)
    {
        var space = target.Source.Namespace;
        if (target.Source.Kind == ReplicationTypes.SourceKind)
        {
            return await FromSecretAsync(client, target, MoverNames.OfSyncthing(target.Source.Name), "apikey", cancellationToken);
        }

        var pod = await client.FindObjectAsync(ResourceType.Pod, space, target.Source.Name, cancellationToken);
        var variable = (pod?["spec"]?["containers"] as JsonArray ?? []).SelectMany(container => container?["env"] as JsonArray ?? []).FirstOrDefault(item => (string?)item?["name"] == Variable);
        if ((string?)variable?["value"] is { Length: > 0 } value)
        {
            return new(value, null);
        }

        return variable?["valueFrom"]?["secretKeyRef"] is JsonObject reference && (string?)reference["name"] is { } name && (string?)reference["key"] is { } key
            ? await FromSecretAsync(client, target, name, key, cancellationToken)
            : throw Errors.SyncthingKeyUnknown(target.Source, Errors.Text("Detail_SyncthingNoVariable", Variable));
    }

    /// <summary>Nothing of what it holds.</summary>
    public override string ToString() => nameof(SyncthingKey);

    private static async Task<SyncthingKey> FromSecretAsync(ClusterClient client, SyncthingTarget target, string name, string field, CancellationToken cancellationToken)
    {
        var secret = await client.FindObjectAsync(Secret, target.Source.Namespace, name, cancellationToken);
        if (Field(secret, field) is not { Length: > 0 } key)
        {
            throw Errors.SyncthingKeyUnknown(target.Source, Errors.Text("Detail_SyncthingNoSecret", name, field));
        }

        return new(key, Certify(Field(secret, "httpsCertPEM")));
    }

    private static X509Certificate2? Certify(string? pem)
    {
        try
        {
            return string.IsNullOrEmpty(pem) ? null : X509Certificate2.CreateFromPem(pem);
        }
        catch (CryptographicException)
        {
            // Without it only the API server's proxy is left.
            return null;
        }
    }

    private static string? Field(JsonObject? secret, string name)
    {
        try
        {
            return (string?)secret?["data"]?[name] is { } text ? Encoding.UTF8.GetString(Convert.FromBase64String(text)).Trim() : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
