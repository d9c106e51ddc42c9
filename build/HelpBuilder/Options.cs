namespace HomelabOps.HelpBuilder;

/// <summary>The command line.</summary>
internal sealed record Options(string Assembly, string Output)
{
    public const string Usage = "HelpBuilder --assembly <dll> --output <folder> [--pages <folder>] [--topics <folder>] [--reference <dll>]... [--complete true|false]";

    public string? Pages { get; init; }

    public string? Topics { get; init; }

    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Whether a cmdlet without a page is an error.</summary>
    public bool Complete { get; init; } = true;

    /// <summary>The module's name is the assembly's: help files are found by it.</summary>
    public string Module => Path.GetFileNameWithoutExtension(Assembly);

    public static Options Parse(IReadOnlyList<string> args)
    {
        var given = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i += 2)
        {
            if (args[i] is not ("--assembly" or "--output" or "--pages" or "--topics" or "--reference" or "--complete") || i + 1 == args.Count)
            {
                throw new ArgumentException($"'{args[i]}' is no option or has no value. Usage: {Usage}", nameof(args));
            }

            if (!given.TryGetValue(args[i], out var values))
            {
                given[args[i]] = values = [];
            }

            values.Add(args[i + 1]);
        }

        return new Options(Required("--assembly"), Required("--output"))
        {
            Pages = Optional("--pages"),
            Topics = Optional("--topics"),
            References = given.GetValueOrDefault("--reference") ?? [],
            Complete = bool.TryParse(Optional("--complete") ?? bool.TrueString, out var complete) ? complete : throw new ArgumentException("--complete takes true or false.", nameof(args)),
        };

        string? Optional(string name) => given.GetValueOrDefault(name)?[^1];
        string Required(string name) => Optional(name) ?? throw new ArgumentException($"{name} is missing. Usage: {Usage}", nameof(args));
    }
}
