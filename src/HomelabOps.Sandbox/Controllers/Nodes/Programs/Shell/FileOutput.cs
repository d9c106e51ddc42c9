using System.Text;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>A file that a stream is led into: others see what is in it while its writer runs on.</summary>
internal sealed class FileOutput : WriteOnlyStream
{
    // A file is written as a whole each time, so that of a large one several lines are written at once.
    private const int Large = 1 << 16;
    private const int Block = 1 << 12;
    private readonly MountTable _files;
    private readonly string _path;
    private readonly StringBuilder _open = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private long _written;

    private FileOutput(MountTable files, string path) => (_files, _path) = (files, path);

    /// <summary>Each write is seen at once, however large the file is: nobody says when it was the last.</summary>
    public bool IsKept { get; set; }

    /// <summary>Opens a file, which is there and, unless it is appended to, empty from now on.</summary>
    /// <exception cref="FileException">It cannot be written.</exception>
    public static async Task<FileOutput> OpenAsync(MountTable files, string path, bool append, CancellationToken cancellationToken)
    {
        await files.WriteAsync(path, "", append, cancellationToken);
        return new(files, path);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var text = new char[_decoder.GetCharCount(buffer.Span, flush: false)];
        _open.Append(text, 0, _decoder.GetChars(buffer.Span, text, flush: false));
        if (IsKept || _written < Large || _open.Length >= Block)
        {
            await FlushAsync(cancellationToken);
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_open.Length > 0)
        {
            var text = _open.ToString();
            _open.Clear();
            _written += text.Length;
            await _files.WriteAsync(_path, text, append: true, cancellationToken);
        }
    }
}
