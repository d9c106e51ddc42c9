using System.Text;
using HomelabOps.HelpBuilder.Pages;

namespace HomelabOps.HelpBuilder.Output;

/// <summary>Writes an about topic as the text file that Get-Help shows.</summary>
internal sealed class TopicWriter(Diagnostics diagnostics)
{
    private const int Width = 80;
    private const int Indent = 4;

    public string Write(Page page)
    {
        PageRules.CheckTitle(page, diagnostics);
        Links.Check(page, diagnostics);
        if (!page.Name.StartsWith("about_", StringComparison.Ordinal))
        {
            diagnostics.Add(page.File, Position.Start, Codes.Topic, "A topic's file is named about_<name>.md.");
        }

        var reader = new PlainText(page.File, diagnostics);
        CheckShortDescription(page, reader);
        var output = new StringBuilder().Append("TOPIC\n").Append(' ', Indent).Append(page.Name).Append('\n');
        foreach (var section in page.Sections)
        {
            output.Append('\n').Append(section.Name.ToUpperInvariant()).Append('\n');
            var separate = false;
            foreach (var block in reader.Read(section.Blocks))
            {
                Append(output, block, separate);
                separate = true;
            }
        }

        return output.ToString();
    }

    private void CheckShortDescription(Page page, PlainText reader)
    {
        // The engine takes the fifth line of the file as the topic's synopsis, and only that line.
        if (page.Sections is not [var first, ..] || !first.Name.Equals("SHORT DESCRIPTION", StringComparison.OrdinalIgnoreCase))
        {
            diagnostics.Add(page.File, page.Sections.Count > 0 ? page.Sections[0].At : Position.Start, Codes.Topic, "The first section must be SHORT DESCRIPTION.");
        }
        else if (reader.Read(first.Blocks) is not [{ Lines: [{ Text.Length: > 0 and <= Width - Indent }] }])
        {
            diagnostics.Add(page.File, first.At, Codes.Topic, $"The SHORT DESCRIPTION must be one line of at most {Width - Indent} characters: more is cut off in lists.");
        }
    }

    private static void Append(StringBuilder output, TextBlock block, bool separate)
    {
        if (separate)
        {
            output.Append('\n');
        }

        foreach (var line in block.Lines)
        {
            // A heading within a section stands out by half the indentation.
            var indent = block.Heading > 0 ? Indent / 2 : line.Indent + Indent;
            if (block.Verbatim)
            {
                AppendLine(output, indent, line.Text);
                continue;
            }

            var hanging = indent + line.Bullet.Length;
            var bullet = line.Bullet;
            foreach (var part in Wrap.Text(line.Text, Width - hanging))
            {
                AppendLine(output, bullet.Length > 0 ? indent : hanging, bullet + part);
                bullet = "";
            }
        }
    }

    private static void AppendLine(StringBuilder output, int indent, string text)
    {
        if (text.Length > 0)
        {
            output.Append(' ', indent).Append(text);
        }

        output.Append('\n');
    }
}
