namespace FlowKit.Cli;

/// <summary>The cells of a notebook that a cell imports.</summary>
internal static class ImportedNotebook
{
    /// <summary>The code of its cells in order, each with its name in error messages, as "other.ipynb, cell 3"; empty cells are not counted.</summary>
    /// <param name="full">Where the file lies.</param>
    /// <param name="file">What the importing line calls it.</param>
    /// <param name="place">That line.</param>
    /// <exception cref="CellException">The file is not a notebook, or it contains a cell of another language.</exception>
    public static IEnumerable<(string Source, string Name)> Cells(string full, string file, CellProblem place)
    {
        NotebookCell[] cells = [.. Read(full, file, place).Cells.Where(cell => cell.IsRunnable)];
        for (int i = 0; i < cells.Length; i++)
        {
            string name = $"{file}, cell {i + 1}";
            if (!cells[i].IsKnown)
                throw new CellException("LanguageError", new CellProblem(name, null, $"The cell's language is '{cells[i].Language}'; FlowKit's engine runs C# only."));
            yield return (cells[i].Code, name);
        }
    }

    private static Notebook Read(string full, string file, CellProblem place)
    {
        try
        {
            return NotebookFile.Read(full);
        }
        catch (NotebookException broken)
        {
            throw new CellException("ImportError", place with { Message = $"#!import cannot read {broken.Message.Replace(full, $"'{file}'", StringComparison.Ordinal)}" });
        }
    }
}
