using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>Uids and the ends of generated names. Those of a seeded server follow from what they are for, so that work in parallel does not change them.</summary>
internal sealed class IdSource(int? seed)
{
    // Without vowels and look-alikes, as the real one.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    // How many objects of a name there were, and how many ends of names were drawn for it.
    private readonly ConcurrentDictionary<string, int> _made = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _drawn = new(StringComparer.Ordinal);

    /// <summary>A uid for an object that may come to be. Each of those that have a name one after the other has another.</summary>
    /// <param name="item">Resource, namespace and name.</param>
    public string NewUid(string item)
    {
        var bytes = Bytes("uid", item, _made.GetValueOrDefault(item));
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    /// <summary>The object has come to be.</summary>
    public void Made(string item)
    {
        if (seed is not null)
        {
            _made.AddOrUpdate(item, 1, static (_, count) => count + 1);
        }
    }

    /// <summary>The end of a name, another each time.</summary>
    /// <param name="item">What the name is of.</param>
    public string NewSuffix(string item) =>
        string.Create(5, Bytes("suffix", item, seed is null ? 0 : _drawn.AddOrUpdate(item, 1, static (_, count) => count + 1)), static (text, random) =>
        {
            for (var index = 0; index < text.Length; index++)
            {
                text[index] = Alphabet[random[index] % Alphabet.Length];
            }
        });

    // Nothing here is a secret: a seeded sandbox shall give the same names again.
    private byte[] Bytes(string purpose, string item, int number) => seed is { } value
        ? SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{purpose}/{value}/{item}/{number}")))[..16]
        : RandomNumberGenerator.GetBytes(16);
}
