using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>Device IDs as Syncthing writes them: eight groups of seven characters, of which every fourteenth checks the thirteen before it.</summary>
internal static class SyncthingIdentity
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int Part = 13;
    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    /// <summary>The ID of the device that belongs to a ReplicationSource; always the same one for a seed.</summary>
    public static string Of(int seed, string @namespace, string name)
    {
        var plain = Base32(SHA256.HashData(Encoding.UTF8.GetBytes($"syncthing/{seed}/{@namespace}/{name}")));
        var text = new StringBuilder();
        for (var part = 0; part < plain.Length; part += Part)
        {
            text.Append(plain, part, Part).Append(Check(plain.AsSpan(part, Part)));
        }

        for (var end = text.Length - 7; end > 0; end -= 7)
        {
            text.Insert(end, '-');
        }

        return text.ToString();
    }

    /// <summary>Whether a text is a device ID whose checks are right.</summary>
    public static bool IsValid(string? id)
    {
        var text = (id ?? "").Replace("-", "", StringComparison.Ordinal);
        if (text.Length != 4 * (Part + 1) || text.AsSpan().ContainsAnyExcept(Characters))
        {
            return false;
        }

        for (var part = 0; part < text.Length; part += Part + 1)
        {
            if (Check(text.AsSpan(part, Part)) != text[part + Part])
            {
                return false;
            }
        }

        return true;
    }

    // Luhn's sum in base 32, from left to right, which is Syncthing's own way.
    private static char Check(ReadOnlySpan<char> part)
    {
        var sum = 0;
        for (var index = 0; index < part.Length; index++)
        {
            var value = Alphabet.IndexOf(part[index], StringComparison.Ordinal) * (1 + (index % 2));
            sum += (value / 32) + (value % 32);
        }

        return Alphabet[(32 - (sum % 32)) % 32];
    }

    private static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (bits, count) = (0, 0);
        foreach (var value in bytes)
        {
            (bits, count) = ((bits << 8) | value, count + 8);
            for (; count >= 5; count -= 5)
            {
                text.Append(Alphabet[(bits >> (count - 5)) & 31]);
            }

            bits &= (1 << count) - 1;
        }

        return count == 0 ? text.ToString() : text.Append(Alphabet[(bits << (5 - count)) & 31]).ToString();
    }
}
