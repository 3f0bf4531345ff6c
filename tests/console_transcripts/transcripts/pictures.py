import io, PIL
from PIL import Image
im=Image.new('RGB',(8,6),'red')
im
im.size
im.mode
im.format
im.info
im.width, im.height
im.getpixel((0,0))
im.getpixel((9,9))
im.getpixel([0,0])
im.getpixel((-1,-1))
im.getpixel(3)
Image.new('L',(2,2)).getpixel((0,0))
Image.new('RGB',(2,2),'nosuch')
Image.new('RGB',(2,2),'#00ff00').getpixel((0,0))
Image.new('RGB',(2,2),'#0f0').getpixel((0,0))
Image.new('RGB',(2,2),'rgb(1,2,3)').getpixel((0,0))
Image.new('RGB',(2,2),5).getpixel((0,0))
Image.new('RGB',(2,2),0x010203).getpixel((0,0))
Image.new('RGB',(2,2),(1,2)).getpixel((0,0))
Image.new('RGB',(2,2),(1,2,3,4)).getpixel((0,0))
Image.new('RGB',(2,2),(300,-2,3)).getpixel((0,0))
Image.new('RGBA',(2,2),'red').getpixel((0,0))
Image.new('RGBA',(2,2)).getpixel((0,0))
Image.new('RGBA',(2,2),(1,2,3)).getpixel((0,0))
Image.new('L',(2,2),'red').getpixel((0,0))
Image.new('L',(2,2),300).getpixel((0,0))
Image.new('L',(2,2),(1,)).getpixel((0,0))
Image.new('L',(2,2),(1,2)).getpixel((0,0))
Image.new('1',(2,2),1).getpixel((0,0))
Image.new('LA',(2,2),(1,2)).getpixel((0,0))
Image.new('P',(2,2),1).getpixel((0,0))
Image.new('XX',(2,2))
Image.new('RGB',(-1,2))
Image.new('RGB',2)
Image.new('RGB',(2,2,2))
Image.new('RGB',(2.5,2))
Image.new('RGB',(0,0))
Image.new()
Image.new('RGB')
Image.new(3,(2,2))
im.resize((4,3))
im.resize((4,3),Image.NEAREST).size
im.resize((0,3))
im.resize((-1,3))
im.resize(3)
im.thumbnail((4,4))
im.size
im.thumbnail((100,100))
im.size
im.crop((1,1,3,2)).size
im.crop((3,1,1,2))
im.crop((-1,-1,9,9)).getpixel((0,0))
im.crop()
im.rotate(90).size
im.rotate(90,expand=True).size
im.rotate(45).size
im.transpose(Image.FLIP_LEFT_RIGHT)
im.transpose(99)
im.copy()
im.convert('L').getpixel((0,0))
im.convert('XX')
im.convert('RGBA').getpixel((0,0))
im.convert('1').getpixel((0,0))
im.convert('P')
im.tobytes()[:6]
Image.frombytes('L',(2,2),b'abcd').getpixel((1,1))
Image.frombytes('L',(2,2),b'abc')
Image.NEAREST, Image.BILINEAR, Image.BICUBIC, Image.LANCZOS, Image.BOX, Image.HAMMING
Image.ROTATE_90, Image.FLIP_LEFT_RIGHT, Image.FLIP_TOP_BOTTOM
Image.ANTIALIAS
Image.Image
type(im)
isinstance(im, Image.Image)
PIL.UnidentifiedImageError
Image.UnidentifiedImageError
im=Image.new('RGB',(8,6),(10,20,30))
im.save(io.BytesIO())
im.save(io.BytesIO(),'XX')
im.save(io.BytesIO(),format='png')
im.save(3)
im.save(3,'PNG')
im.save('x.png2')
im.save()
Image.new('RGBA',(2,2)).save(io.BytesIO(),'JPEG')
Image.new('P',(2,2)).save(io.BytesIO(),'JPEG')
Image.new('RGB',(0,0)).save(io.BytesIO(),'PNG')
im.save(io.StringIO(),'PNG')
im.save(io.BytesIO(),'JPEG',quality=85)
im.save(io.BytesIO(),'JPEG',quality='x')
im.save(io.BytesIO(),'jpg')
im.save(io.BytesIO(), 3)
Image.open(io.BytesIO(b'junk'))
Image.open('nofile.png')
Image.open(3)
Image.open()
Image.open(io.StringIO('x'))
Image.open(io.BytesIO())
Image.open(io.BytesIO(b'x'),'q')
im.putpixel((0,0),(1,2,3))
im.getpixel((0,0))
im.putpixel((99,0),(1,2,3))
im.putpixel((0,0),5)
im.getpixel((0,0))
im.foo
im.getbands()
im.getextrema()
im.getbbox()
im.split()
im==im.copy()
im.tell()
len(im.tobytes())
im.paste((1,2,3),(0,0,2,2))
im.getpixel((1,1)), im.getpixel((2,2))
buf = io.BytesIO()
im.save(buf, 'PNG')
buf.seek(0)
o = Image.open(buf)
o
o.format, o.mode, o.size, o.format_description
o.getpixel((1,1))
type(o)
type(o).__mro__[1:]
o.tobytes() == im.tobytes()
with Image.open(buf) as w: print(w.size)
for m in ['L', 'RGB', 'RGBA', 'LA']:
    for s in range(6):
        g = Image.frombytes(m, (7, 5), bytes(n * n * 3 % 256 for n in range(7 * 5 * len(m))))
        print(m, s, g.resize((4, 9), s).tobytes() == g.resize((4, 9), s).tobytes(), g.resize((5, 3), s).tobytes().hex())
g.convert('L').tobytes().hex(), g.convert('RGB').tobytes()[:9], g.convert('1').tobytes()
g.rotate(30).tobytes().hex()
g.transpose(2).tobytes().hex()
for size in [(100, 100), (33, 1000), (10, 3), (1, 1)]:
    t = Image.new('L', (123, 77)); t.thumbnail(size); print(t.size)
im.close()
from PIL import ImageDraw, ImageFont
d = ImageDraw.Draw(Image.new('RGB', (20, 10)))
d.rectangle((1, 1, 3, 3), fill='red')
d.rectangle((3, 1, 1, 3))
ImageFont.truetype('nofont.ttf')
q = Image.new('L', (12, 9)); d = ImageDraw.Draw(q)
d.rectangle([2, 2, 6, 5], outline=9)
d.rectangle([8, 2, 10, 5], fill=7, outline=8)
d.line((0, 8, 11, 8), fill=5)
d.point([(0, 0), (11, 0)], 3)
q.tobytes().hex()
