using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>Numbers that follow from a seed and a name, the same in every process.</summary>
internal static class SeededHash
{
    /// <summary>A number between 0 and 2^32 - 1.</summary>
    public static uint Of(int seed, string purpose, string name) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{purpose}/{seed}/{name}"))));
}
