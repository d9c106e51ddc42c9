using System.Text;
using System.Text.RegularExpressions;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>The files that Flux' source controller leaves out of an artifact: its own list, and the patterns of .sourceignore.</summary>
internal sealed class SourceIgnore
{
    private const string Defaults = """
        .git/
        .gitignore
        .gitmodules
        .gitattributes
        *.jpg
        *.jpeg
        *.gif
        *.png
        *.wmv
        *.flv
        *.tar.gz
        *.zip
        .github/
        .circleci/
        .travis.yml
        .gitlab-ci.yml
        appveyor.yml
        .drone.yml
        cloudbuild.yaml
        codeship-services.yml
        codeship-steps.yml
        **/.goreleaser.yml
        **/.sops.yaml
        **/.flux.yaml
        """;

    private readonly List<(Func<string, bool> Matches, bool IsFolder, bool IsNegated)> _rules = [];

    /// <summary>The rules of an artifact's root.</summary>
    public SourceIgnore(IBuildFiles files)
    {
        Add(Defaults);
        if (files.Resolve("/.sourceignore") is { } file && !files.IsFolder(file))
        {
            Add(Encoding.UTF8.GetString(files.Read(file)));
        }
    }

    /// <summary>Whether a file or folder is left out; of several rules the last decides.</summary>
    public bool IsIgnored(string path, bool isFolder)
    {
        var isIgnored = false;
        foreach (var rule in _rules.Where(rule => (isFolder || !rule.IsFolder) && rule.Matches(path)))
        {
            isIgnored = !rule.IsNegated;
        }

        return isIgnored;
    }

    private void Add(string text)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var pattern = line[0] == '!' ? line[1..] : line;
            var isFolder = pattern.EndsWith('/');
            pattern = pattern.TrimEnd('/');
            _rules.Add((Simple(pattern) ?? Compile(pattern).IsMatch, isFolder, line[0] == '!'));
        }
    }

    // Names and endings of names in any folder, which nearly all patterns are: each file is asked for by all of them.
    private static Func<string, bool>? Simple(string pattern)
    {
        var name = pattern.StartsWith("**/", StringComparison.Ordinal) ? pattern[3..] : pattern;
        var end = name.TrimStart('*');
        if (end.Length == 0 || end.AsSpan().IndexOfAny('/', '*', '?') >= 0 || name.Length - end.Length > 1)
        {
            return null;
        }

        return name.Length > end.Length
            ? path => path.EndsWith(end, StringComparison.Ordinal)
            : path => path.EndsWith(end, StringComparison.Ordinal) && path[^(end.Length + 1)] == '/';
    }

    // As in .gitignore: a slash within binds the pattern to the root, ** stands for any number of folders.
    private static Regex Compile(string pattern)
    {
        var result = new StringBuilder(pattern.Contains('/', StringComparison.Ordinal) ? "^/" : "/");
        pattern = pattern.TrimStart('/');
        for (var index = 0; index < pattern.Length; index++)
        {
            if (string.CompareOrdinal(pattern, index, "**/", 0, 3) == 0)
            {
                result.Append("(?:.*/)?");
                index += 2;
            }
            else if (string.CompareOrdinal(pattern, index, "**", 0, 2) == 0)
            {
                result.Append(".*");
                index++;
            }
            else
            {
                result.Append(pattern[index] switch { '*' => "[^/]*", '?' => "[^/]", var other => Regex.Escape(other.ToString()) });
            }
        }

        return new Regex(result.Append('$').ToString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }
}
