using System.Globalization;
using System.Text;

namespace HomelabOps.Core.Mounts;

/// <summary>A line of <c>/proc/PID/mountinfo</c>.</summary>
/// <param name="Id">Number of the mount.</param>
/// <param name="Parent">Number of the mount that it lies on.</param>
/// <param name="Device">Major and minor number, the same for all mounts of one file system.</param>
/// <param name="Root">Folder of the file system that is seen; <c>/</c> but for bind mounts of a part.</param>
/// <param name="Path">Where it is mounted.</param>
/// <param name="FileSystem">Type of the file system.</param>
/// <param name="Source">Device or export.</param>
/// <param name="Options">Options of the mount and of its file system, each once.</param>
internal sealed record MountEntry(int Id, int Parent, string Device, string Root, string Path, string FileSystem, string Source, IReadOnlyList<string> Options)
{
    /// <summary>Served by another machine.</summary>
    public bool IsNfs => FileSystem is "nfs" or "nfs4";

    /// <summary>Nothing can be written, whether by this mount or by the file system itself.</summary>
    public bool IsReadOnly => Options.Contains("ro");

    /// <summary>Version of NFS, such as <c>3</c> or <c>4.2</c>; empty for what is no NFS.</summary>
    public string Version => !IsNfs ? "" : Option("vers") ?? Option("nfsvers") ?? (FileSystem == "nfs4" ? "4" : "3");

    /// <summary>Address of the server, whatever name it was mounted by; null when the kernel does not say.</summary>
    public string? Address => Option("addr");

    /// <summary>Reads a line; null for what is none.</summary>
    public static MountEntry? Parse(string line)
    {
        // Six fields, any number of optional ones, a hyphen, three more.
        var fields = line.Split(' ');
        var separator = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
        if (separator < 6 || separator + 2 >= fields.Length || !Number(fields[0], out var id) || !Number(fields[1], out var parent))
        {
            return null;
        }

        var ofFileSystem = separator + 3 < fields.Length ? fields[separator + 3].Split(',') : [];
        var options = fields[5].Split(',').Concat(ofFileSystem).Select(Unescape).Distinct();

        // A bind mount may be read-only where its file system is not, and the other way round.
        var isReadOnly = options.Contains("ro");
        return new(id, parent, fields[2], Unescape(fields[3]), Unescape(fields[4]), fields[separator + 1], Unescape(fields[separator + 2]), [.. options.Where(option => !isReadOnly || option != "rw")]);
    }

    private string? Option(string name)
    {
        var prefix = name + "=";
        return Options.FirstOrDefault(option => option.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
    }

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    // The kernel writes what would end a field as three octal digits, byte by byte.
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var source = Encoding.UTF8.GetBytes(text);
        var bytes = new List<byte>(source.Length);
        for (var at = 0; at < source.Length; at++)
        {
            if (source[at] == '\\' && at + 3 < source.Length && IsOctal(source[at + 1]) && IsOctal(source[at + 2]) && IsOctal(source[at + 3]))
            {
                bytes.Add((byte)(((source[at + 1] - '0') << 6) | ((source[at + 2] - '0') << 3) | (source[at + 3] - '0')));
                at += 3;
            }
            else
            {
                bytes.Add(source[at]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
