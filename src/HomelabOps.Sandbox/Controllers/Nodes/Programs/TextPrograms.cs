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
        table.Add("head", (call, stop) => call.Arguments is ["-c", var count] && long.TryParse(count, CultureInfo.InvariantCulture, out var bytes) ? BytesAsync(call, bytes, stop) : LinesAsync(call, (lines, count) => lines.Take(count), stop));
        table.Add("tail", TailProgram.RunAsync);
        table.Add("sort", (call, stop) => LinesAsync(call, (lines, _) => call.Has('u') ? lines.Order(StringComparer.Ordinal).Distinct() : lines.Order(StringComparer.Ordinal), stop));
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

    // As many bytes of the input, and none more.
    private static async Task<int> BytesAsync(ProgramCall call, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while (count > 0 && (read = await call.Input.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), cancellationToken)) > 0)
        {
            await call.Output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            count -= read;
        }

        return 0;
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

    // cut -d X -f N[,N]
    private static async Task<int> CutAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var (delimiter, fields, files) = ('\t', new List<int>(), new List<string>());
        for (var index = 0; index < call.Arguments.Count; index++)
        {
            var argument = call.Arguments[index];
            if (argument is "-d" or "-f" && index + 1 < call.Arguments.Count)
            {
                argument += call.Arguments[++index];
            }

            switch (argument)
            {
                case ['-', 'd', var sign, ..]:
                    delimiter = sign;
                    break;
                case ['-', 'f', ..]:
                    fields.AddRange(argument[2..].Split(',').Select(field => int.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 1));
                    break;
                default:
                    files.Add(argument);
                    break;
            }
        }

        var (text, status) = await TextAsync(call, files, cancellationToken);
        await call.WriteAsync(Join(Lines(text).Select(line => line.Split(delimiter)).Select(parts => parts.Length == 1 ? parts[0] : string.Join(delimiter, fields.Where(field => field <= parts.Length).Select(field => parts[field - 1])))), cancellationToken);
        return status;
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

    [GeneratedRegex("%(?:%|(?<left>-)?(?<zero>0)?(?<width>[0-9]+)?(?<kind>[a-z]))", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Directive();
}
