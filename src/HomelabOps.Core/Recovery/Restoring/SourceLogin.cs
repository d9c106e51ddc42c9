using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>By what Flux reads a repository: user and token over HTTPS, or a deploy key over SSH.</summary>
/// <param name="Credential">User and token; with a key file the passphrase.</param>
/// <param name="KeyFile">File with a private key; null for none.</param>
internal sealed record SourceLogin(NetworkCredential? Credential, string? KeyFile)
{
    /// <summary>The Secret as Flux wants it, as bytes that the caller wipes.</summary>
    /// <param name="space">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="url">The address that Flux reads.</param>
    /// <param name="hosts">Keys of hosts that the user knows.</param>
    /// <exception cref="HomelabException">RecoveryLoginUnfit, RecoveryHostUnknown, PathNotFound.</exception>
    public byte[] ToBody(string space, string name, string url, KnownHosts hosts)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", "v1");
            json.WriteString("kind", "Secret");
            json.WriteString("type", "Opaque");
            json.WriteStartObject("metadata");
            json.WriteString("name", name);
            json.WriteString("namespace", space);
            json.WriteEndObject();
            json.WriteStartObject("data");
            foreach (var (key, value) in Data(url, hosts))
            {
                json.WriteBase64String(key, value);
                CryptographicOperations.ZeroMemory(value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        var bytes = buffer.ToArray();
        CryptographicOperations.ZeroMemory(buffer.GetBuffer());
        return bytes;
    }

    /// <summary>Fails where the file with the key cannot be read.</summary>
    /// <exception cref="HomelabException">PathNotFound.</exception>
    public void CheckKeyFile()
    {
        if (KeyFile is not null)
        {
            CryptographicOperations.ZeroMemory(Key(""));
        }
    }

    private IEnumerable<(string Key, byte[] Value)> Data(string url, KnownHosts hosts)
    {
        if (!SourceAddress.IsSsh(url))
        {
            if (Credential is null)
            {
                throw Errors.RecoveryLoginUnfit(url, Errors.Text("Detail_RecoveryLoginToken"));
            }

            yield return ("username", Encoding.UTF8.GetBytes(Credential.UserName));
            yield return ("password", Encoding.UTF8.GetBytes(Credential.Password));
            yield break;
        }

        yield return ("identity", Key(url));
        yield return ("known_hosts", Encoding.UTF8.GetBytes(SourceAddress.HostOf(url) is { } host && hosts.Lines(host) is { Count: > 0 } lines
            ? string.Join('\n', lines) + "\n"
            : throw Errors.RecoveryHostUnknown(url, hosts.File)));
        if (Credential is { Password.Length: > 0 })
        {
            yield return ("password", Encoding.UTF8.GetBytes(Credential.Password));
        }
    }

    private byte[] Key(string url)
    {
        try
        {
            return KeyFile is null ? throw Errors.RecoveryLoginUnfit(url, Errors.Text("Detail_RecoveryLoginKey")) : File.ReadAllBytes(KeyFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.PathNotFound(KeyFile!);
        }
    }
}
