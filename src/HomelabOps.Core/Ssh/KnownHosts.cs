using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace HomelabOps.Core.Ssh;

/// <summary>Keys of hosts that the user has seen before, as OpenSSH keeps them: plain or hashed names, patterns, ports.</summary>
/// <param name="files">The files; those that are not there have nothing in them.</param>
internal sealed class KnownHosts(IReadOnlyList<string> files)
{
    /// <summary>The files that OpenSSH reads as well.</summary>
    public static KnownHosts OfUser()
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
        return new([Path.Combine(folder, "known_hosts"), Path.Combine(folder, "known_hosts2"), "/etc/ssh/ssh_known_hosts"]);
    }

    /// <summary>The first of the files, which others are told to look at.</summary>
    public string File => files[0];

    /// <summary>What is known of a key: of a host that is known, a key of another type is another key too, since those that are known are asked for first. And the line that says it as <c>file:line</c>.</summary>
    /// <param name="target">The host.</param>
    /// <param name="key">The key as it is sent.</param>
    public (HostKeyTrust Trust, string Place) Judge(SshTarget target, byte[] key)
    {
        var (trust, place) = (HostKeyTrust.Unknown, "");
        foreach (var entry in Entries(target))
        {
            var isSame = entry.Key.AsSpan().SequenceEqual(key);
            if (entry.IsRevoked && isSame)
            {
                return (HostKeyTrust.Revoked, entry.Place);
            }

            if (!entry.IsRevoked && isSame)
            {
                (trust, place) = (HostKeyTrust.Known, entry.Place);
            }
            else if (!entry.IsRevoked && trust == HostKeyTrust.Unknown)
            {
                (trust, place) = (HostKeyTrust.Changed, entry.Place);
            }
        }

        return (trust, place);
    }

    /// <summary>Types of the keys that are known of a host: one of them is to be asked for, or a host with several looks like a stranger.</summary>
    public IReadOnlyList<string> Types(SshTarget target) => [.. Entries(target).Where(entry => !entry.IsRevoked).Select(entry => TypeOf(entry.Key)).Distinct(StringComparer.Ordinal)];

    /// <summary>The keys of a host, a line each with its name in front, as another known_hosts takes them.</summary>
    public IReadOnlyList<string> Lines(SshTarget target) => [.. Entries(target).Where(entry => !entry.IsRevoked).Select(entry => $"{target.Name} {TypeOf(entry.Key)} {Convert.ToBase64String(entry.Key)}").Distinct(StringComparer.Ordinal)];

    private IEnumerable<(byte[] Key, bool IsRevoked, string Place)> Entries(SshTarget target)
    {
        foreach (var file in files.Where(System.IO.File.Exists))
        {
            foreach (var (index, line) in System.IO.File.ReadLines(file).Index())
            {
                var fields = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                var marker = fields is [['@', ..], ..] ? fields[0] : "";
                fields = marker.Length > 0 ? fields[1..] : fields;

                // Whose key signs those of hosts is not asked: hosts with certificates are rare at home.
                if (fields is [not ['#', ..] and var names, _, var encoded, ..] && marker is "" or "@revoked" && Names(names, target) && Key(encoded) is { } key)
                {
                    yield return (key, marker.Length > 0, $"{file}:{index + 1}");
                }
            }
        }
    }

    private static bool Names(string names, SshTarget target)
    {
        var isNamed = false;
        foreach (var name in names.Split(','))
        {
            var isExcluded = name.StartsWith('!');
            if (name.StartsWith("|1|", StringComparison.Ordinal) ? IsHashOf(name, target.Name) : FileSystemName.MatchesSimpleExpression(isExcluded ? name.AsSpan(1) : name, target.Name, ignoreCase: true))
            {
                if (isExcluded)
                {
                    return false;
                }

                isNamed = true;
            }
        }

        return isNamed;
    }

    // Not a secret and not secure, only what OpenSSH writes (HashKnownHosts).
    private static bool IsHashOf(string hashed, string name) =>
        hashed.Split('|') is ["", "1", var salt, var hash] && Key(salt) is { } key && Key(hash) is { } expected
        && CryptographicOperations.HmacData(HashAlgorithmName.SHA1, key, Encoding.UTF8.GetBytes(name)).AsSpan().SequenceEqual(expected);

    private static byte[]? Key(string encoded)
    {
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) ? bytes[..length] : null;
    }

    // A key begins with the name of its type.
    private static string TypeOf(byte[] key) => new SshBytes(key).TryText() ?? "";
}
