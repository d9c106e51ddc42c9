using System.Globalization;
using System.Text.RegularExpressions;

namespace HomelabOps.Bench;

/// <summary>What was asked for.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        usage: HomelabOps.Bench --kubeconfig <file> [options]

          --kubeconfig <file>     the server to fill and to measure (it must be one that may be filled)
          --pods <n>              pods of the usual rows, 5000
          --kustomizations <n>    Kustomizations, 1000
          --many-pods <n>         pods of the rows 'many', 20000
          --runs <n>              runs of which the median is taken, 7
          --only <pattern>        only these groups of rows: start, flux, causes, reconcile,
                                  commits, manifests, pods, replication, diagnosis, stop, many, report,
                                  sandbox, sandbox-watches; * and ? are wildcards
          --pwsh <file>           measure the start in this pwsh too
          --module <folder>       the built module, the staged one by default
          --markdown              print a Markdown table
          --keep                  leave the objects on the server for the next run
        """;

    public string KubeConfig { get; private init; } = "";

    public int Pods { get; private init; } = 5000;

    public int Kustomizations { get; private init; } = 1000;

    public int ManyPods { get; private init; } = 20000;

    public int Runs { get; private init; } = 7;

    public string Only { get; private init; } = "*";

    public string? Pwsh { get; private init; }

    public string? Module { get; private init; }

    public bool Markdown { get; private init; }

    public bool Keep { get; private init; }

    /// <summary>True when the group of rows is to be measured.</summary>
    public bool Wants(string group) => Regex.IsMatch(
        group, "^" + Regex.Escape(Only).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$", RegexOptions.None, TimeSpan.FromSeconds(1));

    public static CommandLine Parse(string[] arguments)
    {
        var result = new CommandLine();
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var option))
        {
            result = option switch
            {
                "--kubeconfig" => result with { KubeConfig = ExistingFile(option, rest) },
                "--pods" => result with { Pods = Number(option, rest) },
                "--kustomizations" => result with { Kustomizations = Number(option, rest) },
                "--many-pods" => result with { ManyPods = Number(option, rest) },
                "--runs" => result with { Runs = Number(option, rest) },
                "--only" => result with { Only = Value(option, rest) },
                "--pwsh" => result with { Pwsh = ExistingFile(option, rest) },
                "--module" => result with { Module = Path.GetFullPath(Value(option, rest)) },
                "--markdown" => result with { Markdown = true },
                "--keep" => result with { Keep = true },
                _ => throw new BenchException($"Unknown option '{option}'.\n\n{Usage}"),
            };
        }

        if (result.KubeConfig.Length == 0)
        {
            throw new BenchException($"No --kubeconfig: the bench fills the server it measures, so it takes none by default.\n\n{Usage}");
        }

        return result.ManyPods > result.Pods ? result : throw new BenchException("--many-pods must be more than --pods.");
    }

    private static string Value(string option, Queue<string> rest) =>
        rest.TryDequeue(out var value) ? value : throw new BenchException($"{option} needs a value.\n\n{Usage}");

    private static string ExistingFile(string option, Queue<string> rest)
    {
        var file = Path.GetFullPath(Value(option, rest));
        return File.Exists(file) ? file : throw new BenchException($"{option}: there is no file '{file}'.");
    }

    private static int Number(string option, Queue<string> rest)
    {
        var value = Value(option, rest);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new BenchException($"{option} needs a whole number above 0, not '{value}'.");
    }
}
