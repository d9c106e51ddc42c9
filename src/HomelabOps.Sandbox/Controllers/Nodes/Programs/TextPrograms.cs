using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Programs about text: echo, printf, grep, head, tail, wc, cut, sort, tr.</summary>
internal static partial class TextPrograms
{
    public static void AddTo(ProgramTable table)
    {
        table.Add("echo", EchoAsync);
        table.Add("printf", PrintAsync);
        table.Add("grep", GrepAsync);
        table.Add("head", (call, stop) => call.Arguments is ["-c", var count, ..] && long.TryParse(count, CultureInfo.InvariantCulture, out var bytes) ? BytesAsync(call, bytes, call.Arguments.ElementAtOrDefault(2), stop) : LinesAsync(call, (lines, count) => lines.Take(count), stop));
        table.Add("tail", TailProgram.RunAsync);
        table.Add("sort", SortAsync);
        table.Add("wc", CountAsync);
        table.Add("cut", CutAsync);
        table.Add("basename", (call, stop) => NameAsync(call, path => path.TrimEnd('/')[(path.TrimEnd('/').LastIndexOf('/') + 1)..], stop));
        table.Add("dirname", (call, stop) => NameAsync(call, path => path.LastIndexOf('/') is > 0 and var end ? path[..end] : path.StartsWith('/') ? "/" : ".", stop));
    }

    private static async Task<int> EchoAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var words = call.Arguments.SkipWhile(argument => argument is "-n" or "-e" or "-ne" or "-en").ToArray();
        var options = string.Concat(call.Arguments.Take(call.Arguments.Count - words.Length));
        var text = string.Join(' ', words);
        text = options.Contains('e', StringComparison.Ordinal) ? Unescape(text) : text;
        await call.WriteAsync(options.Contains('n', StringComparison.Ordinal) ? text : text + "\n", cancellationToken);
        return 0;
    }

    private static async Task<int> PrintAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        if (call.Arguments.Count == 0)
        {
            return await call.FailAsync("missing operand", cancellationToken, 2);
        }

        // The format is used again while there are values.
        var values = new Queue<string>(call.Arguments.Skip(1));
        var text = new StringBuilder();
        int left;
        do
        {
            left = values.Count;
            text.Append(Directive().Replace(Unescape(call.Arguments[0]), match => match.Value == "%%" ? "%" : Format(match, values.TryDequeue(out var value) ? value : "")));
        }
        while (values.Count > 0 && values.Count < left);
        await call.WriteAsync(text.ToString(), cancellationToken);
        return 0;
    }

    private static string Format(Match directive, string value)
    {
        var width = int.TryParse(directive.Groups["width"].Value, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var text = directive.Groups["kind"].Value switch
        {
            "d" or "i" or "u" => long.TryParse(value, CultureInfo.InvariantCulture, out var whole) ? whole.ToString(CultureInfo.InvariantCulture) : "0",
            "b" => Unescape(value),
            _ => value,
        };
        return directive.Groups["left"].Success ? text.PadRight(width) : text.PadLeft(width, directive.Groups["zero"].Success ? '0' : ' ');
    }

    private static async Task<int> GrepAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var operands = call.Operands.ToArray();
        if (operands.Length == 0)
        {
            return await call.FailAsync("usage: grep [-cEFiqsvw] PATTERN [FILE]...", cancellationToken, 2);
        }

        var expression = call.Has('F') ? Regex.Escape(operands[0]) : operands[0];
        var pattern = new Regex(call.Has('w') ? $@"\b(?:{expression})\b" : expression, call.Has('i') ? RegexOptions.IgnoreCase : RegexOptions.None, TimeSpan.FromSeconds(1));
        if (call.Has('l'))
        {
            return await GrepNamesAsync(call, pattern, operands.Skip(1), cancellationToken);
        }

        var (text, status) = await TextAsync(call, operands.Skip(1), cancellationToken);
        var found = Lines(text).Where(line => pattern.IsMatch(line) != call.Has('v')).ToArray();
        if (!call.Has('q'))
        {
            await call.WriteAsync(call.Has('c') ? $"{found.Length}\n" : Join(found), cancellationToken);
        }

        return status != 0 ? 2 : found.Length > 0 ? 0 : 1;
    }

    // Only the names of the files that have such a line.
    private static async Task<int> GrepNamesAsync(ProgramCall call, Regex pattern, IEnumerable<string> files, CancellationToken cancellationToken)
    {
        var any = false;
        foreach (var file in files)
        {
            try
            {
                if (Lines(await call.Context.Files.ReadAsync(call.Path(file), cancellationToken)).Any(pattern.IsMatch))
                {
                    any = true;
                    await call.WriteAsync(file + "\n", cancellationToken);
                }
            }
            catch (FileException error) when (!call.Has('s'))
            {
                await call.FailAsync($"{file}: {error.Message}", cancellationToken);
            }
            catch (FileException)
            {
                // It was asked not to say so.
            }
        }

        return any ? 0 : 1;
    }

    private static async Task<int> SortAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var (text, status) = await TextAsync(call, call.Operands, cancellationToken);
        await call.WriteAsync(Join(Sorted(call, Lines(text))), cancellationToken);
        return status;
    }

    private static IEnumerable<string> Sorted(ProgramCall call, IEnumerable<string> lines)
    {
        var sorted = call.Has('n') ? lines.OrderBy(Number).ThenBy(line => line, StringComparer.Ordinal) : lines.Order(StringComparer.Ordinal);
        var distinct = call.Has('u') ? call.Has('n') ? sorted.DistinctBy(Number) : sorted.Distinct() : sorted;
        return call.Has('r') ? distinct.Reverse() : distinct;

        // What begins with no number counts as 0.
        static double Number(string line) => double.TryParse(LeadingNumber().Match(line).Value, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    // As many bytes of the input, and none more.
    private static async Task<int> BytesAsync(ProgramCall call, long count, string? file, CancellationToken cancellationToken)
    {
        var (text, status) = file is null ? ("", 0) : await TextAsync(call, [file], cancellationToken);
        var input = file is null ? call.Input : new MemoryStream(Encoding.UTF8.GetBytes(text));
        var buffer = new byte[64 * 1024];
        int read;
        while (count > 0 && (read = await input.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), cancellationToken)) > 0)
        {
            await call.Output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            count -= read;
        }

        return status;
    }

    // head and tail take a count as -n 3, -n3 or -3.
    internal static async Task<int> LinesAsync(ProgramCall call, Func<IEnumerable<string>, int, IEnumerable<string>> choose, CancellationToken cancellationToken)
    {
        var (count, files) = (10, new List<string>());
        for (var index = 0; index < call.Arguments.Count; index++)
        {
            var argument = call.Arguments[index];
            if (argument == "-n" && index + 1 < call.Arguments.Count)
            {
                argument = "-" + call.Arguments[++index];
            }

            if (!argument.StartsWith('-'))
            {
                files.Add(argument);
            }
            else if (int.TryParse(argument.TrimStart('-', 'n'), CultureInfo.InvariantCulture, out var number))
            {
                count = number;
            }
        }

        var (text, status) = await TextAsync(call, files, cancellationToken);
        await call.WriteAsync(Join(choose(Lines(text), count)), cancellationToken);
        return status;
    }

    private static async Task<int> CountAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var (text, status) = await TextAsync(call, call.Operands, cancellationToken);
        var counts = new List<int>();
        if (call.Has('l') || (!call.Has('w') && !call.Has('c')))
        {
            counts.Add(text.Count(character => character == '\n'));
        }

        if (call.Has('w') || (!call.Has('l') && !call.Has('c')))
        {
            counts.Add(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);
        }

        if (call.Has('c') || (!call.Has('l') && !call.Has('w')))
        {
            counts.Add(Encoding.UTF8.GetByteCount(text));
        }

        await call.WriteAsync(string.Join(' ', counts.Select(count => count.ToString(CultureInfo.InvariantCulture)).Concat(call.Operands)) + "\n", cancellationToken);
        return status;
    }

    // cut -d X -f N[,N-M] and cut -c N[,N-M]
    private static async Task<int> CutAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var (delimiter, ranges, byCharacter, files) = ('\t', new List<(int First, int Last)>(), false, new List<string>());
        for (var index = 0; index < call.Arguments.Count; index++)
        {
            var argument = call.Arguments[index];
            if (argument is "-d" or "-f" or "-c" && index + 1 < call.Arguments.Count)
            {
                argument += call.Arguments[++index];
            }

            switch (argument)
            {
                case ['-', 'd', var sign, ..]:
                    delimiter = sign;
                    break;
                case ['-', 'f' or 'c', ..]:
                    byCharacter = argument[1] == 'c';
                    ranges.AddRange(argument[2..].Split(',').Select(Range));
                    break;
                default:
                    files.Add(argument);
                    break;
            }
        }

        if (ranges.Count == 0)
        {
            return await call.FailAsync("expected a list of bytes, characters, or fields", cancellationToken);
        }

        var (text, status) = await TextAsync(call, files, cancellationToken);
        await call.WriteAsync(Join(Lines(text).Select(line => byCharacter ? string.Concat(line.Where((_, at) => IsChosen(at))) : line.Contains(delimiter, StringComparison.Ordinal) ? string.Join(delimiter, line.Split(delimiter).Where((_, at) => IsChosen(at))) : line)), cancellationToken);
        return status;

        bool IsChosen(int at) => ranges.Exists(range => range.First <= at + 1 && at + 1 <= range.Last);
    }

    // N, N-M, N- or -M.
    private static (int First, int Last) Range(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var (first, last) = dash < 0 ? (text, text) : (text[..dash], text[(dash + 1)..]);
        return (int.TryParse(first, CultureInfo.InvariantCulture, out var from) ? from : 1, int.TryParse(last, CultureInfo.InvariantCulture, out var to) ? to : int.MaxValue);
    }

    private static async Task<int> NameAsync(ProgramCall call, Func<string, string> part, CancellationToken cancellationToken)
    {
        await call.WriteAsync(part(call.Operands.FirstOrDefault() ?? "") + "\n", cancellationToken);
        return 0;
    }

    private static async Task<(string Text, int Status)> TextAsync(ProgramCall call, IEnumerable<string> files, CancellationToken cancellationToken)
    {
        var (text, status, any) = (new StringBuilder(), 0, false);
        foreach (var file in files)
        {
            any = true;
            try
            {
                text.Append(file == "-" ? await call.ReadInputAsync(cancellationToken) : await call.Context.Files.ReadAsync(call.Path(file), cancellationToken));
            }
            catch (FileException error)
            {
                status = await call.FailAsync($"{file}: {error.Message}", cancellationToken);
            }
        }

        return (any ? text.ToString() : await call.ReadInputAsync(cancellationToken), status);
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    private static string Join(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    private static string Unescape(string text) => text
        .Replace("\\n", "\n", StringComparison.Ordinal)
        .Replace("\\t", "\t", StringComparison.Ordinal)
        .Replace("\\\\", "\\", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*-?[0-9]*\.?[0-9]*", RegexOptions.None, 1000)]
    private static partial Regex LeadingNumber();

    [GeneratedRegex("%(?:%|(?<left>-)?(?<zero>0)?(?<width>[0-9]+)?(?<kind>[a-z]))", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Directive();
}
