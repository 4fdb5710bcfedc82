namespace FlowKit.Data;

/// <summary>Tables on which papers compare density estimators, prepared as their authors did.</summary>
/// <remarks>
/// <para><see cref="Rnade"/>: two of the five sets of Uria, Murray, Larochelle 2013 (arXiv:1306.0186), for cross-validation. <see cref="Maf"/>: the five of Papamakarios, Pavlakou, Murray 2017
/// (arXiv:1705.07057, appendix D), which most papers on flows use since, with their split and in their units.</para>
/// <para>Log-likelihoods are nats per example in the units of the tables, and compare with the papers' in those units only.</para>
/// </remarks>
/// <example><code>
/// var table = DensityTables.Rnade("boston");
/// var losses = Partition.Folds(table.Count, folds: 10, seed: 0).Select(rows =>
/// {
///     var z = table.Standardized(rows.Train);
///     var x = z.Rows(rows.Train).Values;
///     var gaussian = new MultivariateNormal(x.mean([0]), cov(x.mT, correction: 0)).to(float64);
///     return Trainer.NegativeLogLikelihood(gaussian, z.Rows(rows.Test)).Mean;
/// });
/// Console.WriteLine($"{-losses.Average():F2}");    // => -11.36
///
/// if (Directory.Exists("maf-tables"))              // unpacked from the authors' archive; without a folder, the catalog fetches it
/// {
///     var (train, validation, test) = DensityTables.Maf("power", folder: "maf-tables");
///     Console.WriteLine(train);
/// }
/// </code></example>
public static class DensityTables
{
    /// <summary>A table that the library carries, float64, with the columns that RNADE's authors kept: boston (506, 10) or ionosphere (351, 32). Not standardized: see <see cref="Table.Standardized"/>.</summary>
    /// <remarks>They leave out discrete columns: of Boston's chas, rad, tax and zn, of Ionosphere's V1, V2 and the class. Standardized by each fold's rows to train on, a Gaussian scores -11.37 and -41.24 nats there (table 2).</remarks>
    /// <param name="name">boston or ionosphere.</param>
    /// <exception cref="ArgumentException">There is no table of that name.</exception>
    public static Table Rnade(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToUpperInvariant() switch
        {
            "BOSTON" => Table.Load(name).Without("chas", "rad", "tax", "zn"),
            "IONOSPHERE" => Table.Load(name).Without("V1", "V2", "Class"),
            _ => throw new ArgumentException($"There is no table '{name}' of RNADE's here. There are: boston, ionosphere.", nameof(name)),
        };
    }

    /// <summary>A table of the MAF paper, float32, split and in units as its authors' code has it.</summary>
    /// <remarks>
    /// <list type="table">
    /// <item><term>power</term><description>(1,659,917; 184,435; 204,928) rows of 6. Global intensity and reactive power are left out; the rows are shuffled and uniform noise of the size of the meters' steps is added, by NumPy's stream of seed 42.</description></item>
    /// <item><term>gas</term><description>(852,174; 94,685; 105,206) rows of 8: of 16 sensors, those that no later one correlates with by more than 0.98. Their file is a pickle of Python, which is to be converted to NPY first; the error for a missing file says how.</description></item>
    /// <item><term>hepmass</term><description>(315,123; 35,013; 174,987) rows of 21: collisions with a new particle, without the columns whose least value recurs more than 5 times.</description></item>
    /// <item><term>miniboone</term><description>(29,556; 3,284; 3,648) rows of 43: electron neutrinos; outliers and discrete columns are left out in the file.</description></item>
    /// <item><term>bsds300</term><description>(1,000,000; 50,000; 250,000) rows of 63: patches of 8x8 pixels less their mean, without the last pixel, in the units of the file.</description></item>
    /// </list>
    /// The units are standard deviations of the rows for training and validation together; of all rows for gas, since the authors' are, and their figures would not compare otherwise. The last tenth is the test, the last tenth of
    /// the rest the validation; hepmass brings its test, bsds300 all three.
    /// </remarks>
    /// <param name="name">power, gas, hepmass, miniboone or bsds300.</param>
    /// <param name="folder">Where the archive is, or was unpacked: it holds power/data.npy, gas/ethylene_CO.npy, hepmass/1000_train.csv and 1000_test.csv, miniboone/data.npy and BSDS300/BSDS300.hdf5, of which only the
    /// named table's are needed. Null: the catalog's, which fetches the archive (maf-tables).</param>
    /// <exception cref="ArgumentException">There is no table of that name.</exception>
    /// <exception cref="FileNotFoundException">A file is not there; the message says where to get it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or its shape is not the table's.</exception>
    /// <exception cref="IOException">The archive could not be fetched.</exception>
    public static (Table Train, Table Validation, Table Test) Maf(string name, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToUpperInvariant() switch
        {
            "POWER" => MafTables.Power(Place("power/data.npy")),
            "GAS" => MafTables.Gas(Place(MafTables.Gases)),
            "HEPMASS" => MafTables.Hepmass(Place("hepmass/1000_train.csv"), Place("hepmass/1000_test.csv")),
            "MINIBOONE" => MafTables.Miniboone(Place("miniboone/data.npy")),
            "BSDS300" => MafTables.Bsds300(Place("BSDS300/BSDS300.hdf5")),
            _ => throw new ArgumentException($"There is no table '{name}' of the MAF paper. There are: power, gas, hepmass, miniboone, bsds300.", nameof(name)),
        };

        string Place(string file) => MafArchive.Place(file, folder);
    }
}
