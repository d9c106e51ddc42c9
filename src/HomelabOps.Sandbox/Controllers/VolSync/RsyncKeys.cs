using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>The keys of both ends of a transfer: a shared one for TLS, two pairs for SSH.</summary>
internal static class RsyncKeys
{
    /// <summary>The Secret that the Job of this end mounts; null while it is made.</summary>
    public static Task<string?> EnsureAsync(MoverContext context, bool isTls, CancellationToken cancellationToken) => isTls ? EnsureSharedAsync(context, cancellationToken) : EnsurePairsAsync(context, cancellationToken);

    private static async Task<string?> EnsureSharedAsync(MoverContext context, CancellationToken cancellationToken)
    {
        if (Text(context.Spec, "keySecret") is { Length: > 0 } own)
        {
            context.Secret(own, "psk.txt");
            return own;
        }

        var name = $"volsync-rsync-tls-{context.Name}";
        var secret = await context.Objects.EnsureExistsAsync(
            context.Cluster.Secrets,
            name,
            () => Secret(name, ("psk.txt", "volsync:" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(64)))),
            cancellationToken);
        context.MethodStatus["keySecret"] = name;
        return secret is null ? null : name;
    }

    private static async Task<string?> EnsurePairsAsync(MoverContext context, CancellationToken cancellationToken)
    {
        if (Text(context.Spec, "sshKeys") is { Length: > 0 } own)
        {
            context.Secret(own, context.IsSource ? ["source", "source.pub", "destination.pub"] : ["destination", "destination.pub", "source.pub"]);
            return own;
        }

        var prefix = $"volsync-rsync-{context.Direction}";
        var main = await context.Objects.EnsureExistsAsync(context.Cluster.Secrets, $"{prefix}-main-{context.Name}", () => Pairs($"{prefix}-main-{context.Name}"), cancellationToken);
        if (main is null)
        {
            return null;
        }

        await PartAsync(context, main, $"{prefix}-src-{context.Name}", ["source", "source.pub", "destination.pub"], cancellationToken);
        await PartAsync(context, main, $"{prefix}-dest-{context.Name}", ["destination", "destination.pub", "source.pub"], cancellationToken);

        // This end uses one, the other end is given the other.
        context.MethodStatus["sshKeys"] = $"{prefix}-{(context.IsSource ? "dest" : "src")}-{context.Name}";
        return $"{prefix}-{(context.IsSource ? "src" : "dest")}-{context.Name}";
    }

    private static Task<JsonObject?> PartAsync(MoverContext context, JsonObject main, string name, string[] fields, CancellationToken cancellationToken) => context.Objects.EnsureExistsAsync(
        context.Cluster.Secrets,
        name,
        () => Secret(name, [.. fields.Select(field => (field, SyncthingSecret.Field(main, field)))]),
        cancellationToken);

    private static JsonObject Pairs(string name)
    {
        using var source = RSA.Create(2048);
        using var destination = RSA.Create(2048);
        return Secret(
            name,
            ("source", source.ExportRSAPrivateKeyPem() + "\n"),
            ("source.pub", PublicKey(source)),
            ("destination", destination.ExportRSAPrivateKeyPem() + "\n"),
            ("destination.pub", PublicKey(destination)));
    }

    private static JsonObject Secret(string name, params (string Field, string Text)[] fields)
    {
        var secret = MoverContext.Named(name);
        secret["type"] = "Opaque";
        secret["data"] = new JsonObject(fields.Select(field => KeyValuePair.Create(field.Field, (JsonNode?)Convert.ToBase64String(Encoding.UTF8.GetBytes(field.Text)))));
        return secret;
    }

    // As authorized_keys has it: fields with their lengths; a number whose first bit is set is led by a zero.
    private static string PublicKey(RSA key)
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        var bytes = new List<byte>();
        foreach (var field in (ReadOnlySpan<byte[]>)["ssh-rsa"u8.ToArray(), numbers.Exponent!, [0, .. numbers.Modulus!]])
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
            bytes.AddRange(length);
            bytes.AddRange(field);
        }

        return $"ssh-rsa {Convert.ToBase64String([.. bytes])} volsync\n";
    }
}
