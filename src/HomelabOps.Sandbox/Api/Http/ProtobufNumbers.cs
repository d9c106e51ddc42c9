using System.Globalization;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>Which field of a type has which number.</summary>
internal sealed class ProtobufNumbers
{
    private static readonly Lazy<Dictionary<string, ProtobufNumbers>> ByType = new(Read);
    private readonly Dictionary<int, Entry> _fields = [];

    /// <param name="type">Name of the model, such as V1Container.</param>
    public static ProtobufNumbers Of(string type) => ByType.Value.GetValueOrDefault(type) ?? throw new InvalidDataException($"no numbers are known of {type}");

    public Entry? Find(int number) => _fields.GetValueOrDefault(number);

    private static Dictionary<string, ProtobufNumbers> Read()
    {
        var result = new Dictionary<string, ProtobufNumbers>(StringComparer.Ordinal);
        foreach (var part in (ReadOnlySpan<string>)["a", "b"])
        {
            using var stream = typeof(ProtobufNumbers).Assembly.GetManifestResourceStream($"HomelabOps.Sandbox.Kinds.protobuf-{part}.txt")!;
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                if (line.Length > 0 && line[0] != '#')
                {
                    var columns = line.Split(' ');
                    var numbers = new ProtobufNumbers();
                    foreach (var column in columns.Skip(1))
                    {
                        var pieces = column.Split('=', '>');
                        numbers._fields[int.Parse(pieces[1], CultureInfo.InvariantCulture)] = new(pieces[0], pieces.Length > 2 ? pieces[2] : null);
                    }

                    result[columns[0]] = numbers;
                }
            }
        }

        return result;
    }

    /// <param name="Name">The field in JSON.</param>
    /// <param name="Inline">The type whose fields may lie in the type itself.</param>
    internal sealed record Entry(string Name, string? Inline);
}
