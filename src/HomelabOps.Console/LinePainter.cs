using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Text;

namespace HomelabOps.Console;

/// <summary>Draws the edited text below its prompt, over as many rows as it needs, and puts the cursor where it belongs.</summary>
internal sealed class LinePainter(ConsoleOutput output)
{
    private string _prompt = string.Empty;
    private string _continuation = string.Empty;
    private int _promptCells;
    private int _cursorRow;

    public void Start(string prompt, string continuation)
    {
        // Only the last line of a prompt is drawn again with every key.
        int lastLine = prompt.LastIndexOf('\n') + 1;
        output.WriteRaw(prompt[..lastLine]);
        _prompt = prompt[lastLine..];
        _continuation = continuation;
        _promptCells = Cells.Width(new StringDecorated(_prompt).ToString(OutputRendering.PlainText));
        _cursorRow = 0;
    }

    /// <summary>The screen was cleared, so there is no earlier picture to go over.</summary>
    public void Forget() => _cursorRow = 0;

    public void Paint(string text, int cursor)
    {
        int width = Terminal.Width;
        StringBuilder picture = new();
        AppendUp(picture, _cursorRow);
        picture.Append("\r\e[J").Append(_prompt).Append(text.Replace("\n", "\r\n" + _continuation, StringComparison.Ordinal));
        (int endRow, int endColumn) = Place(text, width);
        if (endRow > 0 && endColumn == 0)
        {
            // A terminal stays behind the last column until more comes; here the next row is wanted now.
            picture.Append("\r\n");
        }

        (int row, int column) = Place(text[..cursor], width);
        AppendUp(picture, endRow - row);
        picture.Append('\r');
        if (column > 0)
        {
            picture.Append(CultureInfo.InvariantCulture, $"\e[{column}C");
        }

        _cursorRow = row;
        output.WriteRaw(picture.ToString());
    }

    /// <summary>Leaves the text where it is, prints lines below it and begins anew below them.</summary>
    public void PrintBelow(string text, IEnumerable<string> lines)
    {
        Paint(text, text.Length);
        output.WriteRaw("\r\n" + string.Concat(lines.Select(line => line + "\r\n")));
        _cursorRow = 0;
    }

    private static void AppendUp(StringBuilder picture, int rows)
    {
        if (rows > 0)
        {
            picture.Append(CultureInfo.InvariantCulture, $"\e[{rows}A");
        }
    }

    /// <summary>Where the cursor is after the prompt and this text.</summary>
    private (int Row, int Column) Place(string text, int width)
    {
        int row = _promptCells / width;
        int column = _promptCells % width;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value == '\n')
            {
                row++;
                column = _continuation.Length;
                continue;
            }

            int cells = Cells.Width(rune);
            if (column + cells > width)
            {
                row++;
                column = 0;
            }

            column += cells;
        }

        return column >= width ? (row + 1, 0) : (row, column);
    }
}
