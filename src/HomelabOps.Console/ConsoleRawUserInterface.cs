using System.Management.Automation.Host;
using System.Management.Automation.Internal;

namespace HomelabOps.Console;

/// <summary>The screen as cells. What a Unix terminal cannot tell (the content of cells) is refused, as in pwsh.</summary>
internal sealed class ConsoleRawUserInterface : PSHostRawUserInterface
{
    private const ConsoleColor Unknown = (ConsoleColor)(-1);
    private int _cursorSize = 25;
    private string _title = string.Empty;
    private ConsoleColor _background = ConsoleColor.Black;
    private ConsoleColor _foreground = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor
    {
        get => SystemConsole.BackgroundColor is var colour && colour != Unknown ? colour : _background;
        set
        {
            _background = value;
            if (Terminal.ColourOnOutput)
            {
                SystemConsole.BackgroundColor = value;
            }
        }
    }

    public override ConsoleColor ForegroundColor
    {
        get => SystemConsole.ForegroundColor is var colour && colour != Unknown ? colour : _foreground;
        set
        {
            _foreground = value;
            if (Terminal.ColourOnOutput)
            {
                SystemConsole.ForegroundColor = value;
            }
        }
    }

    public override Size BufferSize
    {
        get => new(Terminal.Width, Terminal.Height);
        set => throw NotHere();
    }

    public override Size WindowSize
    {
        get => new(Terminal.Width, Terminal.Height);
        set => throw NotHere();
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override Coordinates WindowPosition
    {
        get => new(0, 0);
        set => throw NotHere();
    }

    public override Coordinates CursorPosition
    {
        get
        {
            // A terminal is asked by writing to it and reading its answer from stdin: both ends must be one.
            if (!Terminal.CanEditLines)
            {
                return new Coordinates(0, 0);
            }

            (int left, int top) = SystemConsole.GetCursorPosition();
            return new Coordinates(left, top);
        }

        set
        {
            if (Terminal.OutputIsTerminal)
            {
                SystemConsole.SetCursorPosition(value.X, value.Y);
            }
        }
    }

    public override int CursorSize
    {
        get => _cursorSize;
        set => _cursorSize = value;
    }

    public override bool KeyAvailable => Terminal.InputIsTerminal && SystemConsole.KeyAvailable;

    public override string WindowTitle
    {
        get => _title;
        set
        {
            _title = value;
            if (Terminal.OutputIsTerminal && Terminal.UnderstandsEscapes)
            {
                SystemConsole.Out.Write($"\e]0;{value}\a");
            }
        }
    }

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (!Terminal.InputIsTerminal)
        {
            throw new HostException("A key cannot be read: the input is not a terminal.");
        }

        ConsoleKeyInfo key = SystemConsole.ReadKey(options.HasFlag(ReadKeyOptions.NoEcho));
        ControlKeyStates states = (key.Modifiers.HasFlag(ConsoleModifiers.Control) ? ControlKeyStates.LeftCtrlPressed : default)
            | (key.Modifiers.HasFlag(ConsoleModifiers.Alt) ? ControlKeyStates.LeftAltPressed : default)
            | (key.Modifiers.HasFlag(ConsoleModifiers.Shift) ? ControlKeyStates.ShiftPressed : default);
        return new KeyInfo((int)key.Key, key.KeyChar, states, keyDown: true);
    }

    public override void FlushInputBuffer()
    {
        while (KeyAvailable)
        {
            SystemConsole.ReadKey(intercept: true);
        }
    }

    public override int LengthInBufferCells(string source) => LengthInBufferCells(source, 0);

    public override int LengthInBufferCells(string source, int offset)
    {
        string text = source[offset..];
        return Cells.Width(text.Contains('\e', StringComparison.Ordinal)
            ? new StringDecorated(text).ToString(System.Management.Automation.OutputRendering.PlainText)
            : text);
    }

    public override int LengthInBufferCells(char source) =>
        System.Text.Rune.TryCreate(source, out System.Text.Rune rune) ? Cells.Width(rune) : 1;

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NotHere();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw NotHere();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NotHere();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        // The one use in the wild is clearing the screen.
        if (Terminal.OutputIsTerminal && Terminal.UnderstandsEscapes && rectangle is { Left: -1, Top: -1, Right: -1, Bottom: -1 })
        {
            SystemConsole.Out.Write("\e[2J\e[3J\e[H");
            return;
        }

        throw NotHere();
    }

    private static HostException NotHere() => new("This console's screen cannot be read or changed cell by cell.");
}
