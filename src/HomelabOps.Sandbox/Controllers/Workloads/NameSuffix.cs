using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>The ends of names that controllers choose. They follow from what they are made of, so that work in parallel does not change them.</summary>
internal static class NameSuffix
{
    // Without vowels and look-alikes, as the real ones.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Five letters for the so-and-so-many-th child of an owner.</summary>
    public static string Of(int seed, string owner, long ordinal)
    {
        var hash = Hash($"{seed}/{owner}/{ordinal}");
        return string.Create(5, hash, static (text, number) =>
        {
            for (var index = 0; index < text.Length; index++)
            {
                text[index] = Alphabet[(int)(number % (ulong)Alphabet.Length)];
                number /= (ulong)Alphabet.Length;
            }
        });
    }

    /// <summary>The hash of a template, in the letters of a pod-template-hash.</summary>
    /// <param name="template">The template; the order of its fields and fields that are null do not matter.</param>
    /// <param name="collisions">How often the hash met another template's.</param>
    public static string OfTemplate(JsonNode template, long collisions)
    {
        var text = new StringBuilder();
        Write(template, text);
        var number = (uint)Hash($"{text}{(collisions > 0 ? $"/{collisions}" : "")}");
        return string.Create(null, stackalloc char[10], $"{number}").Aggregate("", (done, digit) => done + Alphabet[digit % Alphabet.Length]);
    }

    // FNV-1a, with its bits mixed once more: neighbours differ in all letters.
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ octet) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        return hash ^ (hash >> 29);
    }

    private static void Write(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject fields:
                text.Append('{');
                foreach (var (name, value) in fields.Where(field => field.Value is not null).OrderBy(field => field.Key, StringComparer.Ordinal))
                {
                    text.Append(name).Append(':');
                    Write(value, text);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                foreach (var item in items)
                {
                    Write(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(node?.ToJsonString());
                break;
        }
    }
}
