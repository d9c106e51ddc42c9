using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>Makes words of a script to arguments: variables, the output of commands, arithmetic, patterns of file names.</summary>
internal sealed class ShellExpansion(ShellInterpreter shell, ProgramCall call)
{
    /// <summary>The arguments that words become; unquoted values are split at their spaces.</summary>
    public async Task<List<string>> WordsAsync(IReadOnlyList<ShellWord> words, CancellationToken cancellationToken)
    {
        var result = new List<string>();
        foreach (var word in words)
        {
            await AddAsync(word, result, cancellationToken);
        }

        return result;
    }

    /// <summary>A word as one text.</summary>
    public async Task<string> TextAsync(ShellWord word, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var part in word.Parts)
        {
            text.Append(part.Kind == PartKind.Text ? part.Text : await ValueAsync(part, cancellationToken));
        }

        return text.ToString();
    }

    /// <summary>Whether a text is as a pattern says it.</summary>
    public static bool Matches(string pattern, string text) => Regex.IsMatch(text, "^" + Expression(pattern) + "$", RegexOptions.Singleline, TimeSpan.FromSeconds(1));

    private async Task AddAsync(ShellWord word, List<string> result, CancellationToken cancellationToken)
    {
        if (word.Parts.Count > 0 && word.Parts[word.Parts.Count - 1] is { Kind: PartKind.Variable, Text: "@", IsQuoted: true } && word.Parts.SkipLast(1).All(part => part.Text.Length == 0))
        {
            result.AddRange(shell.Arguments.Skip(1));
            return;
        }

        var text = new StringBuilder();
        var (any, pattern) = (false, false);
        foreach (var part in word.Parts)
        {
            if (part.Kind == PartKind.Text || part.IsQuoted)
            {
                text.Append(part.Kind == PartKind.Text ? part.Text : await ValueAsync(part, cancellationToken));
                pattern |= !part.IsQuoted && part.Text.AsSpan().IndexOfAny('*', '?') >= 0;
                any = true;
                continue;
            }

            var value = await ValueAsync(part, cancellationToken);
            var pieces = value.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
            for (var index = 0; index < pieces.Length; index++)
            {
                if (index > 0)
                {
                    result.Add(text.ToString());
                    text.Clear();
                }

                text.Append(pieces[index]);
                any = true;
            }
        }

        if (any)
        {
            result.AddRange(pattern ? await FilesAsync(text.ToString(), cancellationToken) : [text.ToString()]);
        }
    }

    private async Task<string> ValueAsync(WordPart part, CancellationToken cancellationToken) => part.Kind switch
    {
        PartKind.Command => await shell.CaptureAsync(part.Text, cancellationToken),
        PartKind.Arithmetic => new ShellArithmetic(part.Text, name => Variable(name) ?? "0").Value().ToString(CultureInfo.InvariantCulture),
        _ => await VariableAsync(part, cancellationToken),
    };

    private async Task<string> VariableAsync(WordPart part, CancellationToken cancellationToken)
    {
        var value = Variable(part.Text);
        var isUnset = part.Operator.StartsWith(':') ? string.IsNullOrEmpty(value) : value is null;
        switch (part.Operator)
        {
            case "#length":
                return (value ?? "").Length.ToString(CultureInfo.InvariantCulture);
            case ":-" or "-" or ":=" or "=":
                if (!isUnset)
                {
                    return value!;
                }

                var fallback = await TextAsync(part.Operand!, cancellationToken);
                if (part.Operator.EndsWith('='))
                {
                    shell.Variables[part.Text] = fallback;
                }

                return fallback;
            case ":+" or "+":
                return isUnset ? "" : await TextAsync(part.Operand!, cancellationToken);
            case ":?" when isUnset:
                await call.Error.WriteAsync(ShellProgram.Bytes($"sh: {part.Text}: {await TextAsync(part.Operand!, cancellationToken)}\n"), cancellationToken);
                throw new ShellExit(2);
            case "#" or "##" or "%" or "%%":
                return Cut(value ?? "", part.Operator, await TextAsync(part.Operand!, cancellationToken));
            default:
                return value ?? "";
        }
    }

    private string? Variable(string name) => name switch
    {
        "?" => shell.Status.ToString(CultureInfo.InvariantCulture),
        "$" => shell.Jobs.Process.Number.ToString(CultureInfo.InvariantCulture),
        "!" => shell.Jobs.Last?.ToString(CultureInfo.InvariantCulture),
        "#" => Math.Max(0, shell.Arguments.Count - 1).ToString(CultureInfo.InvariantCulture),
        "@" or "*" => string.Join(' ', shell.Arguments.Skip(1)),
        "PWD" => shell.Folder,
        [>= '0' and <= '9'] => name[0] - '0' < shell.Arguments.Count ? shell.Arguments[name[0] - '0'] : name == "0" ? "sh" : null,
        _ => shell.Variables.GetValueOrDefault(name),
    };

    private static string Cut(string value, string sign, string pattern)
    {
        // One sign takes away as little as matches, two as much.
        var lengths = Enumerable.Range(0, value.Length + 1);
        foreach (var length in sign.Length == 2 ? lengths.Reverse() : lengths)
        {
            if (sign[0] == '#' ? Matches(pattern, value[..length]) : Matches(pattern, value[^length..]))
            {
                return sign[0] == '#' ? value[length..] : value[..^length];
            }
        }

        return value;
    }

    private static string Expression(string pattern) => string.Concat(pattern.Select(character => character switch
    {
        '*' => ".*",
        '?' => ".",
        '[' or ']' => character.ToString(),
        _ => Regex.Escape(character.ToString()),
    }));

    // Names that match; where none does, the pattern itself, as the shell has it.
    private async Task<IReadOnlyList<string>> FilesAsync(string pattern, CancellationToken cancellationToken)
    {
        List<string> found = [pattern.StartsWith('/') ? "/" : ""];
        foreach (var step in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = new List<string>();
            foreach (var folder in found)
            {
                var prefix = folder is "" or "/" ? folder : folder + "/";
                try
                {
                    if (step.AsSpan().IndexOfAny('*', '?') < 0)
                    {
                        await call.Context.Files.StatAsync(MountTable.Normalize(prefix + step, shell.Folder), cancellationToken);
                        next.Add(prefix + step);
                        continue;
                    }

                    var entries = await call.Context.Files.ListAsync(MountTable.Normalize(folder, shell.Folder), cancellationToken);
                    next.AddRange(entries.Where(entry => (entry.Name[0] != '.' || step[0] == '.') && Matches(step, entry.Name)).Select(entry => prefix + entry.Name));
                }
                catch (FileException)
                {
                    // What cannot be read has no names.
                }
            }

            found = next;
        }

        return found.Count == 0 ? [pattern] : found;
    }
}
