namespace HomelabOps.Core.Schemas;

/// <summary>What a built-in type must have; the models do not tell.</summary>
internal static class RequiredFields
{
    private static readonly Lazy<Dictionary<string, string[]>> ByType = new(Read);

    /// <param name="model">Name of the model, with its version in front: V1Container.</param>
    public static string[] Of(string model)
    {
        // Also Rbacv1Subject: types of the same name carry their group.
        var digit = model.AsSpan().IndexOfAnyInRange('0', '9');
        return digit > 0 && model[digit - 1] is 'V' or 'v' && ByType.Value.TryGetValue(model[(digit + 1)..], out var fields) ? fields : [];
    }

    private static Dictionary<string, string[]> Read()
    {
        using var stream = typeof(RequiredFields).Assembly.GetManifestResourceStream("HomelabOps.Core.Schemas.required.txt")!;
        using var reader = new StreamReader(stream);
        var result = new Dictionary<string, string[]>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                var columns = line.Split(' ');
                result[columns[0]] = columns[1].Split(',');
            }
        }

        return result;
    }
}
