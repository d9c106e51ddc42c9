using System.Management.Automation;

namespace HomelabOps.Console;

/// <summary>
/// Reads one command from the terminal: the keys of readline and PSReadLine that fingers know, a history for this session,
/// completion, and further lines while the parser finds the text unfinished.
/// </summary>
internal sealed class LineEditor(ConsoleOutput output, ConsoleInput input, Completer completer)
{
    private static readonly Dictionary<ConsoleKey, Action<LineBuffer>> PlainEdits = new()
    {
        [ConsoleKey.Escape] = buffer => buffer.Set(string.Empty),
        [ConsoleKey.Backspace] = buffer => buffer.Backspace(),
        [ConsoleKey.Delete] = buffer => buffer.Delete(),
        [ConsoleKey.LeftArrow] = buffer => buffer.Left(),
        [ConsoleKey.RightArrow] = buffer => buffer.Right(),
        [ConsoleKey.Home] = buffer => buffer.Home(),
        [ConsoleKey.End] = buffer => buffer.End(),
    };

    private static readonly Dictionary<ConsoleKey, Action<LineBuffer>> ControlEdits = new()
    {
        [ConsoleKey.A] = buffer => buffer.Home(),
        [ConsoleKey.E] = buffer => buffer.End(),
        [ConsoleKey.B] = buffer => buffer.Left(),
        [ConsoleKey.F] = buffer => buffer.Right(),
        [ConsoleKey.D] = buffer => buffer.Delete(),
        [ConsoleKey.H] = buffer => buffer.Backspace(),
        [ConsoleKey.K] = buffer => buffer.KillToEnd(),
        [ConsoleKey.U] = buffer => buffer.KillToStart(),
        [ConsoleKey.W] = buffer => buffer.KillWordLeft(),
        [ConsoleKey.Backspace] = buffer => buffer.KillWordLeft(),
        [ConsoleKey.LeftArrow] = buffer => buffer.WordLeft(),
        [ConsoleKey.RightArrow] = buffer => buffer.WordRight(),
    };

    private static readonly Dictionary<ConsoleKey, Action<LineBuffer>> AltEdits = new()
    {
        [ConsoleKey.B] = buffer => buffer.WordLeft(),
        [ConsoleKey.LeftArrow] = buffer => buffer.WordLeft(),
        [ConsoleKey.F] = buffer => buffer.WordRight(),
        [ConsoleKey.RightArrow] = buffer => buffer.WordRight(),
        [ConsoleKey.Backspace] = buffer => buffer.KillWordLeft(),
        [ConsoleKey.Enter] = buffer => buffer.Insert("\n"),
    };

    private readonly List<string> _history = [];
    private readonly LineBuffer _buffer = new();
    private readonly LinePainter _painter = new(output);
    private CompletionCycle? _completion;
    private int _historyIndex;
    private string _draft = string.Empty;

    private enum KeyResult
    {
        Continue,
        Accepted,
        Abandoned,
        EndOfInput,
    }

    /// <returns>The command, empty when it was given up with Ctrl+C, or null after Ctrl+D on an empty line.</returns>
    public string? Read(string prompt, string continuation)
    {
        _buffer.Set(string.Empty);
        _completion = null;
        _historyIndex = _history.Count;
        _draft = string.Empty;
        _painter.Start(prompt, continuation);
        KeyResult result = ConsoleInput.WithControlCAsKey(() =>
        {
            KeyResult keyResult;
            do
            {
                _painter.Paint(_buffer.Text, _buffer.Cursor);
                keyResult = Handle(input.ReadKey());
            }
            while (keyResult == KeyResult.Continue);
            return keyResult;
        });
        _painter.Paint(_buffer.Text, _buffer.Length);
        output.WriteRaw(result == KeyResult.Abandoned ? "^C" + Environment.NewLine : Environment.NewLine);
        output.NoteLineEnd();
        switch (result)
        {
            case KeyResult.Accepted:
                Remember(_buffer.Text);
                return _buffer.Text;
            case KeyResult.Abandoned:
                return string.Empty;
            default:
                return null;
        }
    }

    private KeyResult Handle(ConsoleKeyInfo key)
    {
        if (key.Key == ConsoleKey.Tab)
        {
            CompleteNext(backwards: key.Modifiers.HasFlag(ConsoleModifiers.Shift));
            return KeyResult.Continue;
        }

        _completion = null;
        if (key.Modifiers == ConsoleModifiers.Alt && AltEdits.TryGetValue(key.Key, out Action<LineBuffer>? edit))
        {
            edit(_buffer);
            return KeyResult.Continue;
        }

        return key.Modifiers.HasFlag(ConsoleModifiers.Control) ? HandleControl(key) : HandlePlain(key);
    }

    private KeyResult HandlePlain(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter when key.Modifiers.HasFlag(ConsoleModifiers.Shift) || InteractiveSession.IsIncomplete(_buffer.Text):
                _buffer.End();
                _buffer.Insert("\n");
                break;
            case ConsoleKey.Enter:
                return KeyResult.Accepted;
            case ConsoleKey.UpArrow:
                Recall(-1);
                break;
            case ConsoleKey.DownArrow:
                Recall(+1);
                break;
            default:
                EditOrInsert(PlainEdits, key);
                break;
        }

        return KeyResult.Continue;
    }

    private KeyResult HandleControl(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.C:
                return KeyResult.Abandoned;
            case ConsoleKey.D when _buffer.Length == 0:
                return KeyResult.EndOfInput;
            case ConsoleKey.L:
                output.WriteRaw("\e[2J\e[H");
                _painter.Forget();
                break;
            case ConsoleKey.P:
                Recall(-1);
                break;
            case ConsoleKey.N:
                Recall(+1);
                break;
            case ConsoleKey.J or ConsoleKey.M:
                return HandlePlain(new ConsoleKeyInfo('\r', ConsoleKey.Enter, shift: false, alt: false, control: false));
            default:
                // AltGr of some layouts arrives as Control and Alt with a real character.
                EditOrInsert(ControlEdits, key);
                break;
        }

        return KeyResult.Continue;
    }

    private void EditOrInsert(Dictionary<ConsoleKey, Action<LineBuffer>> edits, ConsoleKeyInfo key)
    {
        if (edits.TryGetValue(key.Key, out Action<LineBuffer>? edit))
        {
            edit(_buffer);
        }
        else if (!char.IsControl(key.KeyChar) && (edits != ControlEdits || key.Modifiers.HasFlag(ConsoleModifiers.Alt)))
        {
            _buffer.Insert(key.KeyChar.ToString());
        }
    }

    private void Recall(int step)
    {
        int target = _historyIndex + step;
        if (target < 0 || target > _history.Count)
        {
            return;
        }

        if (_historyIndex == _history.Count)
        {
            _draft = _buffer.Text;
        }

        _historyIndex = target;
        _buffer.Set(target == _history.Count ? _draft : _history[target]);
    }

    private void Remember(string command)
    {
        if (!string.IsNullOrWhiteSpace(command) && (_history.Count == 0 || _history[^1] != command))
        {
            _history.Add(command);
        }
    }

    /// <summary>First what all matches share, then the list of them, then one after the other.</summary>
    private void CompleteNext(bool backwards)
    {
        if (_completion is null)
        {
            if (completer.Complete(_buffer.Text, _buffer.Cursor) is not { CompletionMatches: { Count: > 0 } matches } found)
            {
                return;
            }

            string current = _buffer.Text.Substring(found.ReplacementIndex, found.ReplacementLength);
            string shared = CompletionCycle.Shared(matches);
            if (matches.Count == 1 || (shared.Length > current.Length && shared.StartsWith(current, StringComparison.OrdinalIgnoreCase)))
            {
                _buffer.Replace(found.ReplacementIndex, found.ReplacementLength, shared);
                return;
            }

            _completion = new CompletionCycle(matches, found.ReplacementIndex, found.ReplacementLength);
            _painter.PrintBelow(_buffer.Text, CompletionCycle.List(matches, Terminal.Width, Terminal.Height / 2));
            return;
        }

        CompletionResult match = _completion.Step(backwards);
        _buffer.Replace(_completion.Start, _completion.Length, match.CompletionText);
        _completion.Length = match.CompletionText.Length;
    }
}
