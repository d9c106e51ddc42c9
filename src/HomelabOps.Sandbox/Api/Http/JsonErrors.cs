using System.Text.Json;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>What is wrong with JSON that cannot be read, as Go says it.</summary>
internal static class JsonErrors
{
    private const string End = "unexpected end of JSON input";
    private static readonly string[] Literals = ["true", "false", "null"];

    /// <param name="json">What was read.</param>
    /// <param name="error">Where reading ended.</param>
    public static string Describe(ReadOnlySpan<byte> json, JsonException error)
    {
        var place = Place(json, error);
        if (json[place..].TrimStart(" \t\r\n"u8).IsEmpty)
        {
            return End;
        }

        var start = place;
        while (start > 0 && char.IsAsciiLetter((char)json[start - 1]))
        {
            start--;
        }

        foreach (var literal in Literals)
        {
            if (json[start] != literal[0])
            {
                continue;
            }

            var fitting = 1;
            while (fitting < literal.Length && start + fitting < json.Length && json[start + fitting] == literal[fitting])
            {
                fitting++;
            }

            if (fitting < literal.Length)
            {
                return start + fitting == json.Length ? End : $"invalid character '{(char)json[start + fitting]}' in literal {literal} (expecting '{literal[fitting]}')";
            }
        }

        return $"invalid character '{(char)json[place]}' looking for beginning of value";
    }

    private static int Place(ReadOnlySpan<byte> json, JsonException error)
    {
        var place = 0;
        for (var line = error.LineNumber ?? 0; line > 0; line--)
        {
            place += json[place..].IndexOf((byte)'\n') + 1;
        }

        return Math.Min(json.Length, place + (int)(error.BytePositionInLine ?? 0));
    }
}
