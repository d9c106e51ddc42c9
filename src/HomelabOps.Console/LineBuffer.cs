using System.Text;

namespace HomelabOps.Console;

/// <summary>A text with a cursor in it, as the line editor changes it. A character of two UTF-16 units moves as one.</summary>
internal sealed class LineBuffer
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    public int Length => _text.Length;

    public int Cursor { get; private set; }

    public void Set(string text)
    {
        _text.Clear().Append(text);
        Cursor = _text.Length;
    }

    public void Insert(string text)
    {
        _text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    public void Replace(int start, int length, string text)
    {
        _text.Remove(start, length).Insert(start, text);
        Cursor = start + text.Length;
    }

    public void Left() => Cursor = Before(Cursor);

    public void Right() => Cursor = After(Cursor);

    public void Home() => Cursor = 0;

    public void End() => Cursor = _text.Length;

    public void WordLeft() => Cursor = WordBefore(Cursor);

    public void WordRight()
    {
        while (Cursor < _text.Length && !IsWord(_text[Cursor]))
        {
            Cursor++;
        }

        while (Cursor < _text.Length && IsWord(_text[Cursor]))
        {
            Cursor++;
        }
    }

    public void Backspace() => RemoveBack(Before(Cursor));

    public void KillWordLeft() => RemoveBack(WordBefore(Cursor));

    public void KillToStart() => RemoveBack(0);

    public void Delete() => _text.Remove(Cursor, After(Cursor) - Cursor);

    public void KillToEnd() => _text.Length = Cursor;

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character == '_';

    private void RemoveBack(int start)
    {
        _text.Remove(start, Cursor - start);
        Cursor = start;
    }

    private int Before(int position) => position switch
    {
        0 => 0,
        > 1 when char.IsSurrogatePair(_text[position - 2], _text[position - 1]) => position - 2,
        _ => position - 1,
    };

    private int After(int position) => position >= _text.Length ? _text.Length
        : position + 1 < _text.Length && char.IsSurrogatePair(_text[position], _text[position + 1]) ? position + 2
        : position + 1;

    private int WordBefore(int position)
    {
        while (position > 0 && !IsWord(_text[position - 1]))
        {
            position--;
        }

        while (position > 0 && IsWord(_text[position - 1]))
        {
            position--;
        }

        return position;
    }
}
