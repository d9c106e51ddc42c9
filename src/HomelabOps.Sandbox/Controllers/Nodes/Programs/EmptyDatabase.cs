namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>
/// A SQLite database without tables, as SQLite itself would write it. The files of simulated disks are texts, and all of its bytes are
/// characters. What a file has behind its first page belongs to nothing.
/// </summary>
internal static class EmptyDatabase
{
    private const int Page = 512;

    /// <summary>The first page, which is all of it.</summary>
    public static string Content { get; } = Make();

    // Bytes by their place, all others are 0 (https://www.sqlite.org/fileformat2.html, 1.3 and 1.6): the page of 512 bytes, versions 1 of
    // the format, the payload fractions, a first change that the number of pages belongs to, and a leaf of a table without cells.
    private static string Make()
    {
        var page = new char[Page];
        "SQLite format 3".CopyTo(page);
        foreach (var (place, value) in ((int, char)[])[(16, '\u0002'), (18, '\u0001'), (19, '\u0001'), (21, '\u0040'), (22, '\u0020'), (23, '\u0020'), (27, '\u0001'), (31, '\u0001'), (47, '\u0004'), (59, '\u0001'), (95, '\u0001'), (100, '\u000d'), (105, '\u0002')])
        {
            page[place] = value;
        }

        return new(page);
    }
}
