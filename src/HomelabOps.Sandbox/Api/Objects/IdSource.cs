using System.Security.Cryptography;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>Uids and the ends of generated names; the same ones again when seeded.</summary>
internal sealed class IdSource(int? seed)
{
    // Without vowels and look-alikes, as the real one.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    // Not for secrets: a seeded sandbox shall give the same names again.
    private readonly Random? _random = seed is { } value ? new Random(value) : null;
    private readonly Lock _drawing = new();

    public string NewUid()
    {
        var bytes = new byte[16];
        Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    public string NewSuffix(int length = 5)
    {
        var bytes = new byte[length];
        Fill(bytes);
        return string.Create(length, bytes, static (text, random) =>
        {
            for (var index = 0; index < text.Length; index++)
            {
                text[index] = Alphabet[random[index] % Alphabet.Length];
            }
        });
    }

    private void Fill(byte[] bytes)
    {
        if (_random is null)
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }

        lock (_drawing)
        {
            _random.NextBytes(bytes);
        }
    }
}
