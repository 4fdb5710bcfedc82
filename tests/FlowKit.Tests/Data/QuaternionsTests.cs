using FlowKit.Data;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Data;

public class QuaternionsTests
{
    [Fact]
    public void A_quaternion_turns_by_its_angle_about_its_axis()
    {
        // Rodrigues' formula: v cos t + (n x v) sin t + n (n·v) (1 - cos t).
        var n = nn.functional.normalize(randn(20, 3, dtype: float64));
        var (t, v) = (rand(20, 1, dtype: float64) * (2 * Math.PI), randn(20, 3, dtype: float64));
        var turned = v * t.cos() + linalg.cross(n, v) * t.sin() + n * (n * v).sum(1, keepdim: true) * (1 - t.cos());
        var q = cat([(t / 2).cos(), n * (t / 2).sin()], dim: 1);
        Assert.InRange(Distance(Quaternions.ToMatrix(q).matmul(v.unsqueeze(2)).squeeze(2), turned), 0, 1e-13);
    }

    [Theory, InlineData(ScalarType.Float32, 1e-6), InlineData(ScalarType.Float64, 1e-14)]
    public void Matrices_and_quaternions_are_two_names_of_a_rotation(ScalarType dtype, double tolerance)
    {
        // Also half turns, where w = 0, and turns by nearly nothing.
        var q = cat([randn(200, 4, dtype: float64), eye(4, dtype: float64), tensor(new[,] { { 0, 0.6, -0.8, 0 }, { 1e-9, 1, 0, 0 }, { 1, 1e-9, 0, 0 } }, dtype: float64)]);
        q = nn.functional.normalize(q).to(dtype);
        var rotations = Quaternions.ToMatrix(q);
        var back = Quaternions.FromMatrix(rotations);
        Assert.Equal([207, 3, 3], rotations.shape);
        Assert.True(Distance(Quaternions.ToMatrix(-q), rotations) == 0);
        Assert.InRange(Distance((back * q).sum(1).abs(), ones(207)), 0, tolerance);
        Assert.InRange(Distance(back * (back * q).sum(1, keepdim: true).sign(), q), 0, 10 * tolerance);
        Assert.True(back.select(1, 0).ge(0).all().ToBoolean());
        Assert.InRange(Distance(Quaternions.ToMatrix(back), rotations), 0, 10 * tolerance);
        Assert.Equal(dtype, back.dtype);
    }

    [Fact]
    public void What_is_no_rotation_is_refused()
    {
        Assert.Contains("norm 2 in row 0", Assert.Throws<ArgumentException>("q", () => Quaternions.ToMatrix(full(1, 4, 1f))).Message);
        Assert.Throws<ArgumentException>("q", () => Quaternions.ToMatrix(ones(1, 3)));
        Assert.Throws<ArgumentException>("q", () => Quaternions.ToMatrix(ones(1, 4, int64)));
        var mirror = stack([eye(3), eye(3) * tensor(new[] { 1f, 1, -1 })]);
        Assert.Contains("row 1 is no rotation", Assert.Throws<ArgumentException>("rotations", () => Quaternions.FromMatrix(mirror)).Message);
        Assert.Throws<ArgumentException>("rotations", () => Quaternions.FromMatrix(eye(3).unsqueeze(0) * 1.1f));
        Assert.Throws<ArgumentException>("rotations", () => Quaternions.FromMatrix(eye(3)));
    }
}
