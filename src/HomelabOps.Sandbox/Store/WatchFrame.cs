using System.Text;

namespace HomelabOps.Sandbox.Store;

/// <summary>One line of a watch.</summary>
internal static class WatchFrame
{
    private static readonly byte[] End = "}\n"u8.ToArray();

    public static byte[] Encode(string type, byte[] head, byte[] json)
    {
        var start = Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"object\":");
        var result = new byte[start.Length + head.Length + json.Length - 1 + End.Length];
        start.CopyTo(result, 0);
        head.CopyTo(result, start.Length);
        json.AsSpan(1).CopyTo(result.AsSpan(start.Length + head.Length));
        End.CopyTo(result, result.Length - End.Length);
        return result;
    }

    /// <summary>A frame around a whole document.</summary>
    public static byte[] Encode(string type, byte[] document) => [.. Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"object\":"), .. document, .. End];
}
