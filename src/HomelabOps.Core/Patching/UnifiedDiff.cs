using System.Globalization;
using System.Text;

namespace HomelabOps.Core.Patching;

/// <summary>The difference of two texts, line by line, in the form that diff -u and git write.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    // The search remembers the square of it. Texts that differ more have nothing in common that would help a reader.
    private const int MostEdits = 1500;

    /// <summary>Gives the difference; empty where there is none. Lines end with a line feed, the last one does not.</summary>
    /// <param name="before">The old text; empty for none.</param>
    /// <param name="after">The new text; empty for none.</param>
    /// <param name="beforeName">What the old text is called.</param>
    /// <param name="afterName">What the new text is called.</param>
    public static string Of(string before, string after, string beforeName, string afterName)
    {
        var (old, @new) = (Lines(before), Lines(after));
        var script = Script(old, @new);
        if (script.TrueForAll(line => line.Mark == ' '))
        {
            return "";
        }

        var text = new StringBuilder($"--- {beforeName}\n+++ {afterName}");
        for (var first = 0; (first = script.FindIndex(first, line => line.Mark != ' ')) >= 0;)
        {
            var last = first;
            for (var next = first; next >= 0 && next - last <= (2 * Context) + 1; next = script.FindIndex(next + 1, line => line.Mark != ' '))
            {
                last = next;
            }

            Append(text, script, Math.Max(0, first - Context), Math.Min(script.Count - 1, last + Context));
            first = last + 1;
            if (first >= script.Count)
            {
                break;
            }
        }

        return text.ToString();
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private static void Append(StringBuilder text, List<Line> script, int first, int last)
    {
        var lines = script.GetRange(first, last - first + 1);
        text.Append(CultureInfo.InvariantCulture, $"\n@@ -{Range('+')} +{Range('-')} @@");
        foreach (var line in lines)
        {
            text.Append('\n').Append(line.Mark).Append(line.Text);
        }

        // Lines with the other mark are not of this side. An empty side begins at the line before it.
        string Range(char other)
        {
            var start = script.Take(first).Count(line => line.Mark != other);
            var count = lines.Count(line => line.Mark != other);
            return string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? start : start + 1)},{count}");
        }
    }

    private static List<Line> Script(string[] old, string[] @new)
    {
        var start = old.AsSpan().CommonPrefixLength(@new);
        var end = 0;
        while (end < Math.Min(old.Length, @new.Length) - start && old[^(end + 1)] == @new[^(end + 1)])
        {
            end++;
        }

        var (removed, added) = (old[start..^end], @new[start..^end]);
        return [.. old[..start].Select(Same), .. Search(removed, added) ?? [.. removed.Select(text => new Line('-', text)), .. added.Select(text => new Line('+', text))], .. old[^end..].Select(Same)];

        static Line Same(string text) => new(' ', text);
    }

    // Myers' greedy search: the furthest reach on each diagonal for a growing number of edits, then the way back.
    private static List<Line>? Search(string[] old, string[] @new)
    {
        var bound = Math.Min(old.Length + @new.Length, MostEdits);
        var reach = new int[(2 * bound) + 3];
        var trace = new List<int[]>();
        for (var edits = 0; edits <= bound && old.Length > 0 && @new.Length > 0; edits++)
        {
            trace.Add(reach[(bound - edits)..(bound + edits + 1)]);
            for (var diagonal = -edits; diagonal <= edits; diagonal += 2)
            {
                var isDown = diagonal == -edits || (diagonal != edits && reach[bound + diagonal - 1] < reach[bound + diagonal + 1]);
                var x = isDown ? reach[bound + diagonal + 1] : reach[bound + diagonal - 1] + 1;
                while (x < old.Length && x - diagonal < @new.Length && old[x] == @new[x - diagonal])
                {
                    x++;
                }

                reach[bound + diagonal] = x;
                if (x >= old.Length && x - diagonal >= @new.Length)
                {
                    return WayBack(trace, old, @new);
                }
            }
        }

        return null;
    }

    private static List<Line> WayBack(List<int[]> trace, string[] old, string[] @new)
    {
        var script = new List<Line>();
        var (x, y) = (old.Length, @new.Length);
        for (var edits = trace.Count - 1; edits > 0; edits--)
        {
            // The reach before this edit; the middle of the array is diagonal 0.
            var before = trace[edits];
            var diagonal = x - y;
            var isDown = diagonal == -edits || (diagonal != edits && before[edits + diagonal - 1] < before[edits + diagonal + 1]);
            var fromDiagonal = isDown ? diagonal + 1 : diagonal - 1;
            var fromX = before[edits + fromDiagonal];
            Same(fromX + (isDown ? 0 : 1));
            script.Add(isDown ? new('+', @new[--y]) : new('-', old[--x]));
        }

        Same(0);
        script.Reverse();
        return script;

        void Same(int until)
        {
            while (x > until && y > 0)
            {
                script.Add(new(' ', old[--x]));
                y--;
            }
        }
    }

    private readonly record struct Line(char Mark, string Text);
}
